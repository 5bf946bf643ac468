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

  Torch(Workload work) {
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
    this.inputs = tensor(data.inputs(), Workload.DEEP_COLUMNS);
    this.response = tensor(data.response(), 1);
    TensorVector parameters = linear.parameters();
    for (LinearImpl layer : layers) {
      TensorVector own = layer.parameters();
      for (long i = 0; i < own.size(); i++) {
        parameters.push_back(own.get(i));
      }
    }
    AdamOptions options = new AdamOptions(1e-3);
    options.eps().put(1e-7);
    this.adam = new Adam(parameters, options);
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
    Tensor wide = Tensor.create(values, Workload.ROWS, columns);
    return wide.to(type());
  }

  /** Trains one epoch; the sum of the batch losses without the constant. */
  double epoch() {
    double sum = 0;
    try (PointerScope epoch = new PointerScope()) {
      Tensor order = torch.randperm(Workload.ROWS, new TensorOptions(torch.ScalarType.Long));
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
