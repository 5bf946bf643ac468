package org.deepregression4j.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.FamilyCase;
import org.deepregression4j.engine.family.Quantity;
import org.deepregression4j.engine.family.SampleCases;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.Optimizer;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;

/**
 * Data drawn from a family by its own sampler, with one covariate in every predictor: maximum
 * likelihood must find the coefficients again, exactly and by gradient descent.
 */
final class FamilyRecovery {
  private static final int N = 2000;

  private static final double STANDARD_ERRORS = 4;

  /** Log-likelihood, over all rows, by which Adam may stay behind. */
  private static final double BEHIND = 0.1;

  private final FamilyCase of;
  private final double[] x = new double[N];

  FamilyRecovery(FamilyCase of) {
    this.of = of;
    SplittableRandom random = new SplittableRandom(5);
    Arrays.setAll(x, i -> 2 * random.nextDouble() - 1);
  }

  private static boolean isOrdered(String key) {
    return key.startsWith("ordered");
  }

  /** Where the cutpoints are free, the location has no intercept, and the first no slope. */
  private boolean hasIntercept(int predictor) {
    return !(isOrdered(of.key()) && predictor == 0);
  }

  private boolean hasSlope(int predictor) {
    return !(isOrdered(of.key()) && predictor == 1);
  }

  /** Slope of a column of all predictors. */
  private double slope(int column) {
    int r = of.family().predictorColumns(of.columns());
    return hasSlope(column / r) ? (column % 2 == 0 ? 0.3 : -0.2) : 0;
  }

  private double intercept(int column) {
    int r = of.family().predictorColumns(of.columns());
    return hasIntercept(column / r) ? SampleCases.eta(of.key())[column] : 0;
  }

  private double[] response() {
    boolean isCensored = of.key().startsWith("censored(");
    Family family = isCensored ? Families.named(base()) : of.family();
    int m = isCensored ? 1 : of.columns();
    int width = of.width();
    double[] eta = new double[N * width];
    Arrays.setAll(eta, i -> intercept(i % width) + slope(i % width) * x[i / width]);
    SplittableRandom random = new SplittableRandom(6);
    double[] u = new double[N * family.uniforms(m)];
    Arrays.setAll(u, i -> random.nextDouble(Double.MIN_NORMAL, 1));
    Distribution distribution =
        new Distribution(family, Tensor.copyOf(ElementType.FLOAT64, eta, N, width), m);
    Tensor uniforms = Tensor.copyOf(ElementType.FLOAT64, u, N, family.uniforms(m));
    double[] y = distribution.at(Quantity.SAMPLE, uniforms).toDoubles();
    return isCensored ? censored(y) : y;
  }

  private String base() {
    return of.key().substring("censored(".length(), of.key().length() - 1);
  }

  /** Bounds that are drawn from the responses themselves, in another order. */
  private static double[] censored(double[] y) {
    double[] out = new double[2 * y.length];
    for (int i = 0; i < y.length; i++) {
      double bound = y[(i + 1) % y.length];
      boolean isSeen = y[i] <= bound || i % 2 == 0;
      out[2 * i] = isSeen ? y[i] : bound;
      out[2 * i + 1] = isSeen ? 1 : 0;
    }
    return out;
  }

  private Model model() {
    List<Predictor> predictors = new ArrayList<>();
    for (int j = 0; j < of.family().parameters().size(); j++) {
      List<StructuredTerm> terms = new ArrayList<>();
      if (hasSlope(j)) {
        terms.add(new Linear("x", List.of("x"), List.of(Component.numeric("x")), false, null));
      }
      if (hasIntercept(j)) {
        terms.add(new Intercept());
      }
      predictors.add(Predictor.of(of.family().parameters().get(j).name(), terms));
    }
    return new Model(
        new ModelDefinition(
            of.family(),
            ElementType.FLOAT64,
            3,
            of.columns(),
            List.of(ColumnSpec.real("x")),
            predictors,
            Map.of()));
  }

  private TrainingData data() {
    Dataset columns = Dataset.builder(N).doubles("x", x).build();
    return TrainingData.of(
        columns, Tensor.copyOf(ElementType.FLOAT64, response(), N, of.columns()));
  }

  /** Fits exactly and by Adam. */
  void run() {
    TrainingData data = data();
    Model exact = model();
    exact.fit(data, FitOptions.DEFAULT, TrainingListener.NONE);
    assertThat(exact.exactFit().orElseThrow().isConverged()).as("%s converged", of).isTrue();
    ModelInference inference = exact.inference(data);
    for (ModelInference.Span span : inference.spans()) {
      assertSpan(span, inference);
    }
    double best = inference.statistics().logLikelihood();
    Model trained = model();
    FitOptions adam =
        FitOptions.builder()
            .epochs(500)
            .batchSize(N)
            .validationSplit(0)
            .shuffle(false)
            .optimizer(new Optimizer.Adam(0.05))
            .build();
    trained.fit(data, adam, TrainingListener.NONE);
    double reached = Arrays.stream(trained.logDensity(data)).sum();
    assertThat(reached).as("log-likelihood of %s by Adam", of).isCloseTo(best, within(BEHIND));
  }

  private void assertSpan(ModelInference.Span span, ModelInference inference) {
    List<String> names = of.family().parameters().stream().map(Family.Parameter::name).toList();
    int r = of.family().predictorColumns(of.columns());
    int column = names.indexOf(span.predictor()) * r + span.predictorColumn();
    boolean isSlope = span.terms().contains("x");
    double truth = isSlope ? slope(column) : intercept(column);
    double shift = isSoftmax() ? centre(isSlope) : 0;
    double found = inference.statistics().coefficients().get(span.from());
    double error = inference.statistics().standardError(span.from());
    assertThat(error).as("standard error of %s", span).isPositive();
    assertThat(found)
        .as("%s of %s in %s", span.terms(), span.predictor(), of)
        .isCloseTo(truth - shift, within(STANDARD_ERRORS * error));
  }

  /** Softmax leaves a shift of all columns free: the fit has the one with mean zero. */
  private boolean isSoftmax() {
    return of.key().equals("multinomial") || of.key().equals("multinoulli");
  }

  private double centre(boolean isSlope) {
    return IntStream.range(0, of.width())
        .mapToDouble(c -> isSlope ? slope(c) : intercept(c))
        .average()
        .orElseThrow();
  }
}
