package org.deepregression4j.engine.train;

import java.util.ArrayList;
import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * How a gradient changes the weights, as a graph fragment over one flat vector. Source and
 * defaults: Keras 2.
 */
public interface Optimizer {
  /** Step size before any correction, above 0. */
  double learningRate();

  /** How many vectors of state it carries, each starting at zero. */
  int slots();

  /** The factor of the update in step t (from 1), for a learning rate that may have changed. */
  default double rate(long step, double learningRate) {
    return learningRate;
  }

  /** The new weights, followed by the new state. */
  List<Value> update(Value weights, Value gradient, List<Value> state, Value rate);

  private static double positive(String optimizer, double rate) {
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          optimizer + ": expected a learning rate above 0, got " + rate);
    }
    return rate;
  }

  private static double share(String optimizer, String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          optimizer + ": expected " + name + " in [0, 1), got " + value);
    }
    return value;
  }

  private static double atLeastZero(String optimizer, String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          optimizer + ": expected " + name + " of at least 0, got " + value);
    }
    return value;
  }

  /** moving + (target - moving) (1 - decay). */
  private static Value average(Value moving, Value target, double decay) {
    return Ops.add(moving, Ops.mul(Ops.sub(target, moving), 1 - decay));
  }

  /** Adam (Kingma and Ba 2015), with the bias correction in the step size. */
  record Adam(double learningRate, double beta1, double beta2, double epsilon)
      implements Optimizer {
    /** Keras's defaults. */
    public Adam() {
      this(1e-3);
    }

    /** Keras's defaults at another learning rate. */
    public Adam(double learningRate) {
      this(learningRate, .9, .999, 1e-7);
    }

    /** Checks the domains. */
    public Adam {
      positive("adam", learningRate);
      share("adam", "beta_1", beta1);
      share("adam", "beta_2", beta2);
      atLeastZero("adam", "epsilon", epsilon);
    }

    @Override
    public int slots() {
      return 2;
    }

    @Override
    public double rate(long step, double rate) {
      double corrected = rate * Math.sqrt(1 - Math.pow(beta2, step)) / (1 - Math.pow(beta1, step));
      return corrected * (1 - beta1) / Math.sqrt(1 - beta2);
    }

    @Override
    public List<Value> update(Value weights, Value gradient, List<Value> state, Value rate) {
      // The moments are kept as m/(1 - beta1) and v/(1 - beta2), which saves two nodes a step.
      Value m = Ops.add(Ops.mul(state.get(0), beta1), gradient);
      Value v = Ops.add(Ops.mul(state.get(1), beta2), Ops.square(gradient));
      double small = epsilon / Math.sqrt(1 - beta2);
      Value change = Ops.div(Ops.mul(m, rate), Ops.add(Ops.sqrt(v), small));
      return List.of(Ops.sub(weights, change), m, v);
    }
  }

  /** Gradient descent, with momentum and Nesterov's form of it on request. */
  record Sgd(double learningRate, double momentum, boolean nesterov) implements Optimizer {
    /** Keras's defaults. */
    public Sgd() {
      this(1e-2, 0, false);
    }

    /** Checks the domains. */
    public Sgd {
      positive("sgd", learningRate);
      share("sgd", "momentum", momentum);
    }

    @Override
    public int slots() {
      return momentum == 0 ? 0 : 1;
    }

    @Override
    public List<Value> update(Value weights, Value gradient, List<Value> state, Value rate) {
      Value step = Ops.mul(gradient, rate);
      if (momentum == 0) {
        return List.of(Ops.sub(weights, step));
      }
      Value velocity = Ops.sub(Ops.mul(state.get(0), momentum), step);
      Value change = nesterov ? Ops.sub(Ops.mul(velocity, momentum), step) : velocity;
      return List.of(Ops.add(weights, change), velocity);
    }
  }

  /** RMSprop (Tieleman and Hinton 2012). */
  record RmsProp(double learningRate, double rho, double momentum, double epsilon, boolean centered)
      implements Optimizer {
    /** Keras's defaults. */
    public RmsProp() {
      this(1e-3, .9, 0, 1e-7, false);
    }

    /** Checks the domains. */
    public RmsProp {
      positive("rmsprop", learningRate);
      share("rmsprop", "rho", rho);
      share("rmsprop", "momentum", momentum);
      atLeastZero("rmsprop", "epsilon", epsilon);
    }

    @Override
    public int slots() {
      return 1 + (centered ? 1 : 0) + (momentum > 0 ? 1 : 0);
    }

    @Override
    public List<Value> update(Value weights, Value gradient, List<Value> state, Value rate) {
      List<Value> next = new ArrayList<>();
      Value squares = average(state.get(0), Ops.square(gradient), rho);
      next.add(squares);
      Value variance = squares;
      if (centered) {
        Value mean = average(state.get(1), gradient, rho);
        next.add(mean);
        // Not below 0: rounding would make it so where the gradient hardly changes.
        variance = Ops.relu(Ops.sub(squares, Ops.square(mean)));
      }
      // Keras adds epsilon under the root.
      Value change = Ops.div(Ops.mul(gradient, rate), Ops.sqrt(Ops.add(variance, epsilon)));
      if (momentum > 0) {
        Value velocity = Ops.add(Ops.mul(state.get(state.size() - 1), momentum), change);
        next.add(velocity);
        change = velocity;
      }
      next.add(0, Ops.sub(weights, change));
      return next;
    }
  }
}
