package org.deepregression4j.engine.model;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.deepregression4j.engine.layer.Initializer;
import org.deepregression4j.engine.layer.WeightSpec;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.onnx.graph.Shape;

/** Draws the starting weights of a model from its seed. */
public final class InitialWeights {
  private final ModelGraph graph;
  private final long seed;

  /** Weights for one model; {@code seed} is usually the definition's. */
  public InitialWeights(ModelGraph graph, long seed) {
    this.graph = graph;
    this.seed = seed;
  }

  private SplittableRandom random(String name) {
    // Twice through the generator: seeds that differ by a multiple of its step would otherwise
    // give streams that are shifted copies of each other.
    long mixed = new SplittableRandom(seed).nextLong();
    return new SplittableRandom(new SplittableRandom(mixed + name.hashCode()).nextLong());
  }

  /**
   * The trained vector. Intercepts start at {@code eta}, one linear predictor per parameter and
   * column of it; other coefficients as Keras starts a dense layer.
   */
  public double[] trained(double[] eta) {
    WeightLayout layout = graph.layout();
    double[] out = new double[layout.trainedSize()];
    for (Structured.Placed place : graph.structured().placed()) {
      if (place.isFirst()) {
        coefficients(place, eta, out);
      }
    }
    int at = layout.rows() * layout.columns();
    for (WeightSpec spec : graph.declarations().specs()) {
      if (spec.isTrainable()) {
        double[] values = spec.initializer().draw(spec.shape(), random(spec.key()));
        System.arraycopy(values, 0, out, at, values.length);
        at += values.length;
      }
    }
    return out;
  }

  private void coefficients(Structured.Placed place, double[] eta, double[] out) {
    int r = graph.definition().predictorColumns();
    int columns = graph.layout().columns();
    TermWeights treatment = place.weighted().weights();
    boolean isIntercept = place.term() instanceof Intercept;
    int first = place.predictor() * r;
    double[] values;
    if (isIntercept && treatment.initializer().isEmpty()) {
      values = Arrays.copyOfRange(eta, first, first + r);
    } else {
      String parameter = graph.definition().predictors().get(place.predictor()).name();
      Initializer initializer = treatment.initializer().orElse(Initializer.GLOROT_UNIFORM);
      SplittableRandom random = random(parameter + "/" + place.term().name());
      values = initializer.draw(Shape.of(place.size(), r), random);
    }
    for (int i = 0; i < place.size(); i++) {
      System.arraycopy(values, i * r, out, (place.from() + i) * columns + first, r);
    }
  }

  /** The state vector; of length one when the model has none. */
  public double[] state() {
    List<WeightSpec> specs =
        graph.declarations().specs().stream().filter(s -> !s.isTrainable()).toList();
    double[] out = new double[Math.max(1, graph.layout().stateSize())];
    int at = 0;
    for (WeightSpec spec : specs) {
      double[] values = spec.initializer().draw(spec.shape(), random(spec.key()));
      System.arraycopy(values, 0, out, at, values.length);
      at += values.length;
    }
    return out;
  }
}
