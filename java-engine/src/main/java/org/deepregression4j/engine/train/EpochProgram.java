package org.deepregression4j.engine.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deepregression4j.engine.autodiff.Gradients;
import org.deepregression4j.engine.autodiff.Sharing;
import org.deepregression4j.engine.model.Batch;
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
  private final List<String> results;
  private final Map<String, Tensor> data;

  /**
   * What the loop carries, and the sum of the losses.
   *
   * @param carried weights, layer state and optimiser state
   * @param lossSum sum over the rows of the steps so far, the penalty counted for each row
   */
  record State(Map<String, Tensor> carried, double lossSum) {}

  private EpochProgram(OnnxSession session, List<String> results, Map<String, Tensor> data) {
    this.session = session;
    this.results = results;
    this.data = data;
  }

  static EpochProgram of(
      ModelGraph model,
      RowSource source,
      Optimizer optimizer,
      boolean isFullBatch,
      long seed,
      Device device,
      OnnxSession.Work work) {
    Built built = build(model, source, optimizer, isFullBatch, seed);
    OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(built.graph), device, work);
    return new EpochProgram(session, List.copyOf(session.outputs().keySet()), built.data);
  }

  /** The program and the tensors that do not change. */
  private record Built(Graph graph, Map<String, Tensor> data) {}

  private static Built build(
      ModelGraph model, RowSource source, Optimizer optimizer, boolean isFullBatch, long seed) {
    ElementType type = model.definition().precision();
    Map<String, Value> outer = new LinkedHashMap<>(source.inputs());
    Value order = Ops.input("order", ElementType.INT64, shape("steps", "batch"));
    outer.put("order", order);
    outer.put("rates", Ops.input("rates", type, shape("steps")));
    outer.put("trips", Ops.input("trips", ElementType.INT64, Shape.SCALAR));
    Map<String, Value> flat = carried(model, optimizer, Shape.of(model.layout().trainedSize()));
    outer.putAll(flat);
    List<Value> start = new ArrayList<>();
    Shape shape = trainedShape(model);
    flat.forEach((name, v) -> start.add(isShaped(name) ? Ops.reshape(v, shape.sizes()) : v));

    Map<String, Value> in = new LinkedHashMap<>();
    Value step = Ops.input("step", ElementType.INT64, Shape.SCALAR);
    in.put("step", step);
    in.put("go", Ops.input("go", ElementType.BOOL, Shape.SCALAR));
    in.putAll(carried(model, optimizer, shape));
    Value indices = Ops.gather(order, step, 0);
    Batch rows = source.rows(isFullBatch ? Optional.empty() : Optional.of(indices));
    Value rate = Ops.gather(get(outer, "rates"), step, 0);
    Optional<ResponseTerms> terms = isFullBatch ? Optional.empty() : source.terms(indices);
    Step body = new Step(model, optimizer, in, order, seed, terms);
    Map<String, Value> out = body.outputs(rows, rate);

    List<Value> end = Ops.loop(get(outer, "trips"), start, Graph.body("step", in, out));
    Map<String, Value> results = new LinkedHashMap<>();
    for (String name : flat.keySet()) {
      Value last = end.get(results.size());
      boolean isFlat = !isShaped(name) || shape.rank() == 1;
      results.put("next_" + name, isFlat ? last : Ops.reshape(last, -1));
    }
    Map<String, Tensor> data = new LinkedHashMap<>(source.tensors());
    if (terms.isPresent()) {
      outer.putAll(terms.get().inputs());
      data.putAll(terms.get().evaluate(data));
    }
    return new Built(Graph.of("epoch", outer, results), data);
  }

  private static boolean isShaped(String carried) {
    return !carried.equals("state") && !carried.equals("loss");
  }

  /** Without networks the coefficient matrix itself goes round, which saves reshaping it. */
  private static Shape trainedShape(ModelGraph model) {
    return model.layout().trained().isEmpty()
        ? Shape.of(model.layout().rows(), model.layout().columns())
        : Shape.of(model.layout().trainedSize());
  }

  /** What the body of the loop computes. */
  private record Step(
      ModelGraph model,
      Optimizer optimizer,
      Map<String, Value> in,
      Value order,
      long seed,
      Optional<ResponseTerms> terms) {
    Map<String, Value> outputs(Batch rows, Value rate) {
      Value trained = get(in, "trained");
      Value state = in.getOrDefault("state", trained);
      Weights weights = new Weights(model.layout(), trained, state, true, seed);
      List<Value> targets = new ArrayList<>();
      targets.add(model.logLikelihood(rows, weights));
      targets.add(weights.nextState());
      // Sums over the batch, which are divided by its size once, when all gradients are together.
      targets.addAll(weights.leaves());
      int leaves = weights.leaves().size();
      model.penalty(weights).ifPresent(p -> targets.add(Ops.mul(p, rowsOfBatch())));
      targets.add(rows.target().get(0));
      List<Value> shared = withTerms(Sharing.of(targets));
      Value likelihood = shared.get(0);
      List<Value> free = shared.subList(2, 2 + leaves);
      Optional<Value> penalty = shared.stream().skip(2 + leaves).findFirst();
      Value loss = penalty.map(p -> Ops.sub(p, likelihood)).orElse(Ops.neg(likelihood));
      Value sums = weights.flatten(Gradients.of(loss, free));
      Value gradient = Ops.mul(sums, share(sums.shape()));
      List<Value> slots = new ArrayList<>();
      for (int i = 0; i < optimizer.slots(); i++) {
        slots.add(get(in, "slot" + i));
      }
      List<Value> next = optimizer.update(trained, gradient, slots, rate);
      Map<String, Value> out = new LinkedHashMap<>();
      out.put("again", get(in, "go"));
      for (String name : in.keySet()) {
        switch (name) {
          case "trained" -> out.put(name, next.get(0));
          case "state" -> out.put(name, shared.get(1));
          case "loss" -> {
            Value before = get(in, "loss");
            Value with = penalty.map(p -> Ops.add(before, p)).orElse(before);
            out.put(name, Ops.sub(with, likelihood));
          }
          default -> {}
        }
      }
      for (int i = 0; i < slots.size(); i++) {
        out.put("slot" + i, next.get(i + 1));
      }
      return out;
    }

    /** All but the last value, the response, with its terms evaluated before. */
    private List<Value> withTerms(List<Value> shared) {
      List<Value> values = shared.subList(0, shared.size() - 1);
      Value response = shared.get(shared.size() - 1);
      return terms.map(t -> t.replace(values, response)).orElse(values);
    }

    private Value rowsOfBatch() {
      Value count = Ops.gather(Ops.shapeOf(order), Ops.longScalar(1), 0);
      return Ops.cast(count, model.definition().precision());
    }

    /** One over the rows of the batch; zero for weights that are not trained. */
    private Value share(Shape shape) {
      Value share = Ops.div(1, rowsOfBatch());
      ElementType type = model.definition().precision();
      return model
          .gradientMask()
          .map(mask -> Ops.mul(Ops.constant(Constant.copyOf(type, mask, shape.sizes())), share))
          .orElse(share);
    }
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

  /** The carried values in their order; layers without state carry none. */
  private static Map<String, Value> carried(ModelGraph model, Optimizer optimizer, Shape shape) {
    ElementType type = model.definition().precision();
    Map<String, Value> out = new LinkedHashMap<>();
    out.put("trained", Ops.input("trained", type, shape));
    if (model.layout().stateSize() > 0) {
      out.put("state", Ops.input("state", type, Shape.of(model.layout().stateSize())));
    }
    out.put("loss", Ops.input("loss", type, Shape.SCALAR));
    for (int i = 0; i < optimizer.slots(); i++) {
      out.put("slot" + i, Ops.input("slot" + i, type, shape));
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
    Map<String, Tensor> inputs = new LinkedHashMap<>(data);
    results.forEach(name -> inputs.put(stem(name), tensor(carried, stem(name), rates, lossSum)));
    inputs.put("order", order);
    inputs.put("rates", rates);
    inputs.put("trips", Tensor.copyOf(new long[] {order.sizes()[0]}));
    Map<String, Tensor> next = new LinkedHashMap<>(carried);
    session.run(inputs, Set.copyOf(results)).forEach((name, t) -> next.put(stem(name), t));
    Tensor loss = next.remove("loss");
    return new State(next, loss == null ? Double.NaN : loss.toDouble());
  }

  private static String stem(String result) {
    return result.substring("next_".length());
  }

  private static Tensor tensor(
      Map<String, Tensor> carried, String name, Tensor rates, double lossSum) {
    Tensor tensor = carried.get(name);
    return tensor == null ? Tensor.copyOf(rates.type(), new double[] {lossSum}) : tensor;
  }

  @Override
  public void close() {
    session.close();
  }
}
