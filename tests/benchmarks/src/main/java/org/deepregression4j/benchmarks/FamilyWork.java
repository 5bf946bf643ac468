package org.deepregression4j.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deepregression4j.engine.api.Distribution;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.FamilySpec;
import org.deepregression4j.engine.family.Quantity;
import org.deepregression4j.engine.family.Support;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;

/**
 * A family whose predictors are all linear in the same columns, with responses drawn from it at the
 * weights where training begins.
 */
record FamilyWork(String label, Family family, int columns) {
  static final int ROWS = 8_192;

  /** Linear predictors where 0.3, −0.2, 0.3, ... would not do. */
  private static final Map<String, double[]> ETA =
      Map.of("uniform", new double[] {-1, 2}, "gev", new double[] {.3, -.2, .1});

  /** Options of the families that need them, and of those that can do more with them. */
  private static final Map<String, FamilySpec> OPTIONS =
      Map.of(
          "quantile", FamilySpec.of("quantile", "level", .9),
          "expectile", FamilySpec.of("expectile", "level", .9),
          "binomial", FamilySpec.of("binomial", "trials", 10),
          "beta_binomial", FamilySpec.of("beta_binomial", "trials", 10),
          "dirichlet_multinomial", FamilySpec.of("dirichlet_multinomial", "trials", 10),
          "categorical", FamilySpec.of("categorical", "categories", 4),
          "ordered_logit", FamilySpec.of("ordered_logit", "categories", 4),
          "ordered_probit", FamilySpec.of("ordered_probit", "categories", 4),
          "truncated_normal", FamilySpec.of("truncated_normal", "low", 0),
          "multivariate_normal", FamilySpec.of("multivariate_normal", "dimension", 2));

  /** Every family of the engine, and some made of others; normal is the first. */
  static List<FamilyWork> all(int columns) {
    List<FamilyWork> out = new ArrayList<>();
    Families.all().forEach(family -> out.add(new FamilyWork(family.name(), family, columns)));
    for (String name : Families.withOptions()) {
      FamilySpec spec = OPTIONS.getOrDefault(name, FamilySpec.of(name));
      out.add(new FamilyWork(name, Families.of(spec), columns));
    }
    out.add(new FamilyWork("mixture of 2 normals", mixture("normal", "normal"), columns));
    out.add(new FamilyWork("mixture of 3 normals", mixture("normal", "normal", "normal"), columns));
    FamilySpec poisson = FamilySpec.of("poisson");
    Map<String, List<Double>> zero = Map.of("values", List.of(0.0));
    Family inflated = Families.of(new FamilySpec("inflated", zero, List.of(poisson)));
    out.add(new FamilyWork("inflated poisson", inflated, columns));
    return out;
  }

  private static Family mixture(String... names) {
    List<FamilySpec> parts = Stream.of(names).map(FamilySpec::of).toList();
    return Families.of(new FamilySpec("mixture", Map.of(), parts));
  }

  private int responseColumns() {
    if (!family.support().isMultivariate()) {
      return 1;
    }
    return family.support() == Support.VECTOR ? 2 : 3;
  }

  private double[] eta() {
    double[] eta = new double[family.parameters().size() * predictorColumns()];
    Arrays.setAll(eta, i -> i % 2 == 0 ? .3 : -.2);
    return ETA.getOrDefault(label, eta);
  }

  private int predictorColumns() {
    return family.predictorColumns(responseColumns());
  }

  /** A model whose intercept, the first column's weight, gives {@link #eta}. */
  Model model() {
    List<Predictor> predictors =
        family.parameters().stream()
            .map(p -> Predictor.of(p.name(), List.of(new Linear("X", Component.matrix("X")))))
            .toList();
    List<ColumnSpec> specs = List.of(ColumnSpec.matrix("X", columns));
    Model model =
        new Model(
            new ModelDefinition(
                family, ElementType.FLOAT64, 1, responseColumns(), specs, predictors, Map.of()));
    double[] weights = new double[model.weights().length];
    double[] eta = eta();
    int r = predictorColumns();
    for (int i = 0; i < eta.length; i++) {
      weights[i / r * columns * r + i % r] = eta[i];
    }
    model.setWeights(weights);
    return model;
  }

  TrainingData data() {
    SplittableRandom random = new SplittableRandom(1);
    double[] design = new double[ROWS * columns];
    Arrays.setAll(design, i -> i % columns == 0 ? 1 : random.nextGaussian());
    return TrainingData.of(
        Dataset.builder(ROWS).matrix("X", design, columns).build(), responses(random));
  }

  /** Drawn from the family; from the normal where a criterion has nothing to draw. */
  private Tensor responses(SplittableRandom random) {
    if (!family.canSample()) {
      return new FamilyWork("normal", Families.named("normal"), columns).responses(random);
    }
    int m = responseColumns();
    double[] eta = eta();
    double[] rows = new double[ROWS * eta.length];
    Arrays.setAll(rows, i -> eta[i % eta.length]);
    double[] u = new double[ROWS * family.uniforms(m)];
    Arrays.setAll(u, i -> random.nextDouble(Double.MIN_NORMAL, 1));
    Tensor predictors = Tensor.copyOf(ElementType.FLOAT64, rows, ROWS, eta.length);
    return new Distribution(family, predictors, m)
        .at(Quantity.SAMPLE, Tensor.copyOf(ElementType.FLOAT64, u, ROWS, family.uniforms(m)));
  }
}
