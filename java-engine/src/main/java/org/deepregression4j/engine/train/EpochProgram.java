package org.deepregression4j.engine.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deepregression4j.engine.autodiff.Gradients;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Weights;
import org.deepregression4j.onnx.graph.Constant;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Device;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/**
 * Some steps of training as one ONNX model: a Loop over minibatches that gathers rows, evaluates
 * the loss and its gradient, and updates weights and optimiser state, which the loop carries.
 *
 * <p>The caller closes it. Random numbers of dropout go on from run to run, so it is not for
 * several threads.
 */
final class EpochProgram implements AutoCloseable {
  private final OnnxSession session;
  private final List<String> state;
  private final RowSource source;

  /**
   * What the loop carries, and the sum of the batch losses.
   *
   * @param carried weights, layer state and optimiser state
   * @param lossSum sum over the steps so far
   */
  record State(Map<String, Tensor> carried, double lossSum) {}

  private EpochProgram(OnnxSession session, List<String> state, RowSource source) {
    this.session = session;
    this.state = state;
    this.source = source;
  }

  static EpochProgram of(
      ModelGraph model,
      RowSource source,
      Optimizer optimizer,
      boolean isFullBatch,
      long seed,
      Device device,
      OnnxSession.Work work) {
    Graph graph = graph(model, source, optimizer, isFullBatch, seed);
    OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph), device, work);
    List<String> state = new ArrayList<>(List.of("trained", "state"));
    for (int i = 0; i < optimizer.slots(); i++) {
      state.add("slot" + i);
    }
    return new EpochProgram(session, state, source);
  }

  private static Graph graph(
      ModelGraph model, RowSource source, Optimizer optimizer, boolean isFullBatch, long seed) {
    ElementType type = model.definition().precision();
    int size = model.layout().trainedSize();
    Map<String, Value> outer = new LinkedHashMap<>(source.inputs());
    outer.put("order", Ops.input("order", ElementType.INT64, shape("steps", "batch")));
    outer.put("rates", Ops.input("rates", type, shape("steps")));
    outer.put("trips", Ops.input("trips", ElementType.INT64, Shape.SCALAR));
    Map<String, Value> initial = carried(model, optimizer, type, size);
    outer.putAll(initial);
    outer.put("loss", Ops.input("loss", type, Shape.SCALAR));

    Map<String, Value> in = new LinkedHashMap<>();
    Value step = Ops.input("step", ElementType.INT64, Shape.SCALAR);
    in.put("step", step);
    in.put("go", Ops.input("go", ElementType.BOOL, Shape.SCALAR));
    in.putAll(carried(model, optimizer, type, size));
    Value lossSum = Ops.input("loss", type, Shape.SCALAR);
    in.put("loss", lossSum);

    Value indices = Ops.gather(get(outer, "order"), step, 0);
    Value rows = source.rows(isFullBatch ? Optional.empty() : Optional.of(indices));
    Value trained = get(in, "trained");
    Weights weights = new Weights(model.layout(), trained, get(in, "state"), true, seed);
    Value likelihood = model.negativeLogLikelihood(rows, weights);
    Value loss = model.penalty(weights).map(p -> Ops.add(likelihood, p)).orElse(likelihood);
    List<Value> gradients = new ArrayList<>(Gradients.of(loss, weights.leaves()));
    gradients.set(0, model.maskedCoefficients(gradients.get(0)));
    Value gradient = weights.flatten(gradients);
    List<Value> slots = new ArrayList<>();
    for (int i = 0; i < optimizer.slots(); i++) {
      slots.add(get(in, "slot" + i));
    }
    Value rate = Ops.gather(get(outer, "rates"), step, 0);
    List<Value> next = optimizer.update(trained, gradient, slots, rate);

    Map<String, Value> out = new LinkedHashMap<>();
    out.put("again", Ops.constant(Constant.of(true)));
    out.put("trained", next.get(0));
    out.put("state", weights.nextState());
    for (int i = 0; i < optimizer.slots(); i++) {
      out.put("slot" + i, next.get(i + 1));
    }
    out.put("loss", Ops.add(lossSum, loss));
    List<Value> start = new ArrayList<>(initial.values());
    start.add(get(outer, "loss"));
    List<Value> end = Ops.loop(get(outer, "trips"), start, Graph.body("step", in, out));
    Map<String, Value> results = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(initial.keySet());
    names.add("loss");
    for (int i = 0; i < names.size(); i++) {
      results.put("next_" + names.get(i), end.get(i));
    }
    return Graph.of("epoch", outer, results);
  }

  private static Shape shape(String... symbols) {
    return new Shape(Arrays.stream(symbols).map(Dim::of).toList());
  }

  private static Value get(Map<String, Value> values, String name) {
    Value value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("no value '" + name + "'");
    }
    return value;
  }

  private static Map<String, Value> carried(
      ModelGraph model, Optimizer optimizer, ElementType type, int size) {
    Map<String, Value> out = Weights.inputs(model.layout(), type);
    for (int i = 0; i < optimizer.slots(); i++) {
      out.put("slot" + i, Ops.input("slot" + i, type, Shape.of(size)));
    }
    return out;
  }

  /**
   * Runs the steps of {@code order}.
   *
   * @param order row indices, (steps, batch)
   * @param rates step sizes, (steps)
   * @param lossSum what the sum starts at: summing on keeps it independent of how steps are parted
   */
  State run(Map<String, Tensor> carried, Tensor order, Tensor rates, double lossSum) {
    Map<String, Tensor> inputs = new LinkedHashMap<>(source.tensors());
    inputs.putAll(carried);
    inputs.put("order", order);
    inputs.put("rates", rates);
    inputs.put("trips", Tensor.copyOf(new long[] {order.sizes()[0]}));
    inputs.put("loss", Tensor.copyOf(rates.type(), new double[] {lossSum}));
    Set<String> wanted = new LinkedHashSet<>();
    state.forEach(name -> wanted.add("next_" + name));
    wanted.add("next_loss");
    Map<String, Tensor> got = session.run(inputs, wanted);
    Map<String, Tensor> next = new LinkedHashMap<>();
    got.forEach(
        (name, tensor) -> {
          if (!name.equals("next_loss")) {
            next.put(name.substring("next_".length()), tensor);
          }
        });
    Tensor loss = got.get("next_loss");
    return new State(next, loss == null ? Double.NaN : loss.toDouble());
  }

  @Override
  public void close() {
    session.close();
  }
}
