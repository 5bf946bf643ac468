package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.PSplineTerm;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;

/** Times exact fits with three smooths: {@code SolveSpeed normal 100000 fixed}. */
final class SolveSpeed {
  private static final int K = 10;

  private SolveSpeed() {}

  public static void main(String[] args) {
    String family = args[0];
    int n = Integer.parseInt(args[1]);
    SolverOptions options =
        SolverOptions.DEFAULT
            .withSelect(SolverOptions.Select.valueOf(args[2]))
            .withThreads(args.length > 3 ? Integer.parseInt(args[3]) : 0);
    ModelGraph model = model(family, n);
    TrainingData data = data(family, n);
    for (int run = 0; run < 3; run++) {
      long started = System.nanoTime();
      ExactFit fit =
          ExactSolver.solve(model, data, Start.of(model, data, 1), options, SolverListener.NONE);
      double seconds = (System.nanoTime() - started) * 1e-9;
      started = System.nanoTime();
      Inference inference = Inference.of(model, data, fit.trained(), fit.smoothing(), options);
      System.out.printf(
          "%s n=%d %s: %.3f s, %d iterations, %s, distance %.1e; inference %.3f s, edf %.3f%n",
          family,
          n,
          options.select(),
          seconds,
          fit.iterations(),
          fit.stop(),
          fit.distance(),
          (System.nanoTime() - started) * 1e-9,
          inference.totalFreedom());
      fit.notes().forEach(System.out::println);
    }
  }

  static ModelGraph model(String family, int n) {
    List<Predictor> predictors = new ArrayList<>();
    Families.named(family)
        .parameters()
        .forEach(
            p -> {
              List<StructuredTerm> terms = new ArrayList<>(List.of(new Intercept()));
              for (int v = 1; v <= 3; v++) {
                terms.add(PSplineTerm.of("x" + v, 0, 1, K, n));
              }
              predictors.add(Predictor.of(p.name(), terms));
            });
    List<ColumnSpec> columns =
        List.of(ColumnSpec.real("x1"), ColumnSpec.real("x2"), ColumnSpec.real("x3"));
    return new ModelGraph(
        new ModelDefinition(
            Families.named(family), ElementType.FLOAT64, 1, 1, columns, predictors, Map.of()));
  }

  static TrainingData data(String family, int n) {
    SplittableRandom random = new SplittableRandom(11);
    double[][] x = new double[3][n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      for (int v = 0; v < 3; v++) {
        x[v][i] = random.nextDouble();
      }
      double mu = Math.sin(6 * x[0][i]) + x[1][i] * x[1][i] + 0.3 * Math.cos(9 * x[2][i]);
      y[i] =
          family.equals("normal")
              ? mu + Math.exp(x[2][i] - 1) * random.nextGaussian()
              : poisson(Math.exp(mu / 2), random);
    }
    Dataset columns =
        Dataset.builder(n).doubles("x1", x[0]).doubles("x2", x[1]).doubles("x3", x[2]).build();
    return TrainingData.of(columns, Tensor.copyOf(ElementType.FLOAT64, y, n, 1));
  }

  private static double poisson(double mean, SplittableRandom random) {
    int k = 0;
    for (double p = random.nextDouble(); p > Math.exp(-mean); p *= random.nextDouble()) {
      k++;
    }
    return k;
  }
}
