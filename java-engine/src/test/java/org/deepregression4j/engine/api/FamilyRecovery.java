package org.deepregression4j.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.FamilyCase;
import org.deepregression4j.engine.family.FamilyCases;
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

  /** Log-likelihood, over all rows, by which another maximum of a mixture may be lower. */
  private static final double LOWER = 0.5;

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
    FamilyCase source = source();
    int width = of.width();
    double[] eta = new double[N * width];
    Arrays.setAll(eta, i -> intercept(i % width) + slope(i % width) * x[i / width]);
    int uniforms = source.family().uniforms(source.columns());
    SplittableRandom random = new SplittableRandom(6);
    double[] u = new double[N * uniforms];
    Arrays.setAll(u, i -> random.nextDouble(Double.MIN_NORMAL, 1));
    Distribution distribution =
        new Distribution(
            source.family(), Tensor.copyOf(ElementType.FLOAT64, eta, N, width), source.columns());
    Tensor drawn = Tensor.copyOf(ElementType.FLOAT64, u, N, uniforms);
    double[] y = distribution.at(Quantity.SAMPLE, drawn).toDoubles();
    return of.isCensored() ? censored(y) : y;
  }

  /** What responses are drawn from: before censoring, and with the total that counts need. */
  private FamilyCase source() {
    if (of.isCensored()) {
      return FamilyCases.named(of.base());
    }
    boolean isWithoutTotal = of.key().equals("dirichlet_multinomial");
    return isWithoutTotal ? FamilyCases.named("dirichlet_multinomial_5") : of;
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

  /** Fits exactly: it converges, and coefficients are found again. */
  void solve() {
    TrainingData data = data();
    Model exact = exact(data);
    assertThat(exact.exactFit().orElseThrow().isConverged()).as("%s converged", of).isTrue();
    assertThat(exact.exactFit().orElseThrow().notes()).as("notes on %s", of).isEmpty();
    ModelInference inference = exact.inference(data);
    for (ModelInference.Span span : inference.spans()) {
      assertSpan(span, inference);
    }
  }

  /**
   * Trains by Adam: it comes as far as the exact fit, or in a mixture to a maximum nearly as high,
   * and Newton's method has little to gain from there.
   */
  void train() {
    TrainingData data = data();
    Model trained = model();
    FitOptions adam =
        FitOptions.builder()
            .epochs(isSlow() ? 4000 : 500)
            .batchSize(N)
            .validationSplit(0)
            .shuffle(false)
            .optimizer(new Optimizer.Adam(0.05))
            .build();
    trained.fit(data, adam, TrainingListener.NONE);
    double reached = logLikelihood(trained, data);
    double best = logLikelihood(exact(data), data);
    double lower = of.key().startsWith("mixture") ? LOWER : BEHIND;
    assertThat(reached).as("log-likelihood of %s by Adam", of).isGreaterThan(best - lower);
    trained.fit(data, FitOptions.DEFAULT, TrainingListener.NONE);
    assertThat(logLikelihood(trained, data))
        .as("log-likelihood of %s by Newton's method after Adam", of)
        .isCloseTo(reached, within(BEHIND));
  }

  private Model exact(TrainingData data) {
    Model model = model();
    model.fit(data, FitOptions.DEFAULT, TrainingListener.NONE);
    return model;
  }

  private static double logLikelihood(Model model, TrainingData data) {
    return Arrays.stream(model.logDensity(data)).sum();
  }

  /** Where coefficients differ much in size. */
  private boolean isSlow() {
    return List.of("pareto_ls", "multivariate_normal_3").contains(of.key());
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
