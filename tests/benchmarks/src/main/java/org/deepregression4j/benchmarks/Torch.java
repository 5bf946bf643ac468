package org.deepregression4j.benchmarks;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.deepregression4j.onnx.graph.ElementType;

/**
 * The same training in libtorch, eager: Linear layers, autograd, torch::optim::Adam. The caller
 * closes it.
 */
final class Torch implements AutoCloseable {
  private final Workload work;
  private final PointerScope scope = new PointerScope();
  private final LinearImpl linear;
  private final LinearImpl[] layers;
  private final Tensor design;
  private final Tensor inputs;
  private final Tensor response;
  private final Adam adam;

  /**
   * Starts at given weights.
   *
   * @param start as {@code Model.weights()} gives them: coefficients of location and scale, then
   *     kernels (in, out) and biases, those of the two outputs one after the other
   */
  Torch(Workload work, double[] start) {
    this.work = work;
    torch.set_num_threads(1);
    torch.manual_seed(1);
    this.linear = layer(work.columns(), 2, false);
    this.layers =
        work.isDeep()
            ? new LinearImpl[] {
              layer(Workload.DEEP_COLUMNS, 64, true), layer(64, 32, true), layer(32, 2, true)
            }
            : new LinearImpl[0];
    Workload.Data data = work.data();
    this.design = tensor(data.design(), work.columns());
    this.inputs = work.isDeep() ? tensor(data.inputs(), Workload.DEEP_COLUMNS) : design;
    this.response = tensor(data.response(), 1);
    TensorVector parameters = linear.parameters();
    for (LinearImpl layer : layers) {
      TensorVector own = layer.parameters();
      for (long i = 0; i < own.size(); i++) {
        parameters.push_back(own.get(i));
      }
    }
    startAt(start);
    AdamOptions options = new AdamOptions(1e-3);
    options.eps().put(1e-7);
    this.adam = new Adam(parameters, options);
  }

  private void startAt(double[] start) {
    int at = put(linear.weight(), start, 0, work.columns(), 2, false);
    for (int i = 0; i < layers.length - 1; i++) {
      int in = (int) layers[i].weight().size(1);
      int units = (int) layers[i].weight().size(0);
      at = put(layers[i].weight(), start, at, in, units, true);
      at = put(layers[i].bias(), start, at, 1, units, true);
    }
    for (int j = 0; j < 2 && layers.length > 0; j++) {
      LinearImpl last = layers[layers.length - 1];
      at = put(last.weight().select(0, j), start, at, 32, 1, false);
      at = put(last.bias().narrow(0, j, 1), start, at, 1, 1, false);
    }
    if (at != start.length) {
      throw new IllegalStateException(start.length + " weights, of which libtorch took " + at);
    }
  }

  /** Copies (in, units), or (units, in) unless {@code isTurned}; returns where the next begins. */
  private int put(Tensor into, double[] from, int at, int in, int units, boolean isTurned) {
    double[] part = java.util.Arrays.copyOfRange(from, at, at + in * units);
    Tensor values = isTurned ? Tensor.create(part, in, units).t() : Tensor.create(part, units, in);
    into.detach().copy_(values.contiguous().view(into.sizes()));
    return at + in * units;
  }

  private torch.ScalarType type() {
    return work.type() == ElementType.FLOAT64 ? torch.ScalarType.Double : torch.ScalarType.Float;
  }

  private LinearImpl layer(long in, long out, boolean hasBias) {
    LinearOptions options = new LinearOptions(in, out);
    options.bias().put(hasBias);
    LinearImpl layer = new LinearImpl(options);
    layer.to(type(), false);
    return layer;
  }

  private Tensor tensor(double[] values, long columns) {
    Tensor wide = Tensor.create(values, work.rows(), columns);
    return wide.to(type());
  }

  /** Trains one epoch; the mean of the batch losses without the constant log(2π)/2. */
  double epoch(boolean shuffles) {
    double sum = 0;
    try (PointerScope epoch = new PointerScope()) {
      TensorOptions whole = new TensorOptions(torch.ScalarType.Long);
      Tensor order =
          shuffles
              ? torch.randperm(work.rows(), whole)
              : torch.arange(new Scalar(0), new Scalar(work.rows()), whole);
      Tensor total = torch.zeros(new long[] {1}, new TensorOptions(type()));
      for (int i = 0; i < work.steps(); i++) {
        step(order.narrow(0, (long) i * work.batch(), work.batch()), total);
      }
      sum = total.item_double();
    }
    return sum / work.steps();
  }

  private void step(Tensor rows, Tensor total) {
    try (PointerScope step = new PointerScope()) {
      Tensor theta = linear.forward(design.index_select(0, rows));
      if (work.isDeep()) {
        Tensor hidden = layers[0].forward(inputs.index_select(0, rows)).relu();
        theta = theta.add(layers[2].forward(layers[1].forward(hidden).relu()));
      }
      Tensor logScale = theta.narrow(1, 1, 1);
      Tensor residual = response.index_select(0, rows).sub(theta.narrow(1, 0, 1));
      Tensor z = residual.mul(logScale.neg().exp());
      Tensor loss = z.square().mul(new Scalar(0.5)).add(logScale).mean();
      adam.zero_grad();
      loss.backward();
      adam.step();
      total.add_(loss.detach());
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
