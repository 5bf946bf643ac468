package org.deepregression4j.engine.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;

/** y ~ N(a + b x, exp(c)²) with row weights: model, data, and loss and gradient in plain Java. */
final class Regression {
  final double[] x;
  final double[] y;
  final double[] rowWeights;

  Regression(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    x = new double[n];
    y = new double[n];
    rowWeights = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = 2 * random.nextDouble() - 1;
      y[i] = 1 + 2 * x[i] + .5 * random.nextGaussian();
      rowWeights[i] = .5 + random.nextDouble();
    }
  }

  /** The weights are a, b, c in this order. */
  static Model model() {
    Linear slope = new Linear("x", List.of("x"), List.of(Component.numeric("x")), false, null);
    return new Model(
        new ModelDefinition(
            Families.named("normal"),
            ElementType.FLOAT64,
            1,
            1,
            List.of(ColumnSpec.real("x")),
            List.of(
                Predictor.of("loc", List.of(new Intercept(), slope)),
                Predictor.of("scale", List.of(new Intercept()))),
            Map.of()));
  }

  static Model model(double... start) {
    Model model = model();
    model.setWeights(start);
    return model;
  }

  TrainingData data() {
    Dataset columns = Dataset.builder(x.length).doubles("x", x).build();
    return new TrainingData(columns, column(y), column(rowWeights));
  }

  private static Tensor column(double[] values) {
    return Tensor.copyOf(ElementType.FLOAT64, values, values.length, 1);
  }

  /** Mean over rows {@code from} to {@code to} of the weighted negative log-densities. */
  double loss(double[] w, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      double z = (y[i] - w[0] - w[1] * x[i]) * Math.exp(-w[2]);
      sum += rowWeights[i] * (.5 * Math.log(2 * Math.PI) + w[2] + .5 * z * z);
    }
    return sum / (to - from);
  }

  double[] gradient(double[] w, int from, int to) {
    double[] out = new double[3];
    for (int i = from; i < to; i++) {
      double residual = y[i] - w[0] - w[1] * x[i];
      double precision = Math.exp(-2 * w[2]);
      double weight = rowWeights[i] / (to - from);
      out[0] -= weight * residual * precision;
      out[1] -= weight * residual * precision * x[i];
      out[2] += weight * (1 - residual * residual * precision);
    }
    return out;
  }

  /** An optimiser in plain Java: changes the weights in place in step t. */
  interface Step {
    void take(double[] w, double[] gradient, int t);
  }

  /** Trains in the order of the rows; returns the losses per epoch as Keras reports them. */
  List<Double> train(double[] w, Step optimizer, int rows, int batch, int epochs, int maxSteps) {
    List<Double> losses = new ArrayList<>();
    int t = 0;
    for (int epoch = 0; epoch < epochs; epoch++) {
      double sum = 0;
      for (int from = 0; from < rows && t < maxSteps; from += batch) {
        int to = Math.min(rows, from + batch);
        sum += loss(w, from, to) * (to - from);
        optimizer.take(w, gradient(w, from, to), ++t);
      }
      losses.add(sum / rows);
    }
    return losses;
  }
}
