package org.deepregression4j.engine.api;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.InitialWeights;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Overlap;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.model.WeightEntries;
import org.deepregression4j.engine.model.WeightLayout;
import org.deepregression4j.engine.solve.ExactFit;
import org.deepregression4j.engine.solve.ExactSolver;
import org.deepregression4j.engine.solve.SolverException;
import org.deepregression4j.engine.solve.SolverOptions;
import org.deepregression4j.engine.solve.Start;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.History;
import org.deepregression4j.engine.train.Trainer;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;

/**
 * A model with weights. Mutable: {@link #fit} and {@link #setWeights} change the weights. For one
 * thread at a time.
 *
 * <pre>{@code
 * Model model = new Model(definition);
 * model.fit(data, FitOptions.builder().epochs(100).build(), TrainingListener.NONE);
 * double[] intercept = model.coefficients("loc", "(Intercept)");
 * Files.write(path, model.toOnnx(ExportOptions.NONE.withQuantiles(0.1, 0.9)));
 * }</pre>
 */
public final class Model {
  private final WeightEntries entries;
  private ModelGraph graph;
  private double[] trained;
  private double[] state;
  private double[] moved;
  private long startSeed;
  private boolean isFresh = true;
  private Optional<ExactFit> exact = Optional.empty();
  private long fittedRows;

  /**
   * A model at its starting weights.
   *
   * @throws IllegalArgumentException naming the predictor and term that does not fit
   */
  public Model(ModelDefinition definition) {
    this.graph = new ModelGraph(definition);
    this.entries = new WeightEntries(graph);
    this.startSeed = definition.seed();
    InitialWeights initial = new InitialWeights(graph, startSeed);
    this.trained = initial.trained(new double[graph.layout().columns()]);
    this.state = initial.state();
    this.moved = new double[entries.movedSize()];
  }

  /** What the model is. */
  public ModelDefinition definition() {
    return graph.definition();
  }

  /** The model's graphs. */
  public ModelGraph graph() {
    return graph;
  }

  /** Where each weight stands. */
  public WeightLayout layout() {
    return graph.layout();
  }

  /** True when a predictor has a network. */
  public boolean isDeep() {
    return definition().predictors().stream().anyMatch(p -> !p.deep().isEmpty());
  }

  /** True until the model is fitted or given weights. */
  public boolean isFresh() {
    return isFresh;
  }

  /** What each of {@link #weights()} is. */
  public List<WeightEntries.Entry> entries() {
    return entries.entries();
  }

  /** All weights in the order of {@link #entries()}. */
  public double[] weights() {
    return entries.gather(trained, state, moved, definition().lambdas());
  }

  /**
   * Replaces all weights.
   *
   * @param weights as {@link #weights()} gives them
   * @throws IllegalArgumentException when there are more or fewer
   */
  public void setWeights(double[] weights) {
    if (!Arrays.equals(weights, weights())) {
      exact = Optional.empty();
    }
    double[] nextTrained = trained.clone();
    double[] nextState = state.clone();
    double[] nextMoved = moved.clone();
    entries.scatter(weights, nextTrained, nextState, nextMoved);
    int count = definition().lambdas().length;
    smooth(Arrays.copyOfRange(weights, weights.length - count, weights.length));
    trained = nextTrained;
    state = nextState;
    moved = nextMoved;
    isFresh = false;
  }

  /** Takes other smoothing parameters; the places of the weights stay. */
  private void smooth(double[] lambdas) {
    if (!Arrays.equals(lambdas, definition().lambdas())) {
      graph = new ModelGraph(definition().withLambdas(lambdas));
    }
  }

  /** Draws new starting weights from another seed; intercepts start from the data at the fit. */
  public void reinitialise(long seed) {
    InitialWeights initial = new InitialWeights(graph, seed);
    trained = initial.trained(new double[graph.layout().columns()]);
    state = initial.state();
    moved = new double[entries.movedSize()];
    isFresh = true;
    startSeed = seed;
  }

  /**
   * Fits from the weights as they are; a fresh model's intercepts start at what suits the response.
   *
   * <p>Unless the options ask for plain training, the structured terms are solved exactly first,
   * with networks at zero. A model without networks is then at its optimum: epochs, batches and the
   * validation split do not matter, and the history is that of the solver's iterations. A model
   * with networks is trained on from there.
   *
   * <p>The last rows are kept for validation when training is to come and the options say so.
   *
   * @throws IllegalArgumentException when the data lack a column, a weight is negative or early
   *     stopping watches what is not there
   * @throws UnboundedLikelihood when there is no best fit, as with a constant response; the model
   *     stays as it was
   */
  public History fit(TrainingData data, FitOptions options, TrainingListener listener) {
    return fit(data, options, SolverOptions.DEFAULT, listener);
  }

  /** The same with solver options of its own. */
  public History fit(
      TrainingData data, FitOptions options, SolverOptions solver, TrainingListener listener) {
    double split = isDeep() || options.isPlain() ? options.validationSplit() : 0;
    long kept = (long) Math.floor(data.rows() * (1 - split)); // as Keras
    if (kept < 1) {
      throw new IllegalArgumentException(
          "validation_split: "
              + options.validationSplit()
              + " leaves no row of "
              + data.rows()
              + " to train on");
    }
    Optional<TrainingData> validation =
        kept == data.rows() ? Optional.empty() : Optional.of(data.asRows(kept, data.rows()));
    return fit(data.asRows(0, kept), validation, options, solver, listener);
  }

  /** Fits with validation data of its own; the options' split is not used. */
  public History fit(
      TrainingData data,
      Optional<TrainingData> validation,
      FitOptions options,
      TrainingListener listener) {
    return fit(data, validation, options, SolverOptions.DEFAULT, listener);
  }

  /**
   * Fits with validation data and solver options of its own. Smoothing parameters that the solver
   * selects become the model's.
   */
  public History fit(
      TrainingData data,
      Optional<TrainingData> validation,
      FitOptions options,
      SolverOptions solver,
      TrainingListener listener) {
    data.weights().requireValid();
    exact = Optional.empty();
    fittedRows = data.rows();
    String unsolved = "";
    if (!options.isPlain()) {
      try {
        Optional<History> solved = solve(data, solver, listener);
        if (solved.isPresent()) {
          return solved.get();
        }
      } catch (SolverException e) {
        unsolved = "trained, since there is no exact solution: " + e.getMessage();
      }
    }
    double[] start = isFresh ? plainStart(data) : trained;
    Trainer trainer = new Trainer(graph, options, start, state, listener);
    History history = trainer.run(data, validation);
    boolean isUntouched = Arrays.equals(trainer.trained(), start);
    if (history.stop() == History.Stop.NOT_FINITE && isUntouched) {
      return history.with(unsolved); // nothing was learnt: the model stays as it was
    }
    keep(trainer.trained(), trainer.state(), data);
    return history.with(unsolved);
  }

  /** Solves the structured part. Empty when the training of networks should follow. */
  private Optional<History> solve(
      TrainingData data, SolverOptions solver, TrainingListener listener) {
    boolean isSelecting = solver.select() != SolverOptions.Select.FIXED;
    double[] start = isFresh ? Start.of(graph, data, startSeed) : trained;
    ExactFit fit = ExactSolver.solve(graph, data, start, solver, ExactHistory.listener(listener));
    if (fit.stop() == ExactFit.Stop.UNBOUNDED) {
      throw new UnboundedLikelihood(fit.notes());
    }
    exact = Optional.of(fit);
    if (isSelecting) {
      smooth(fit.smoothing().stream().mapToDouble(ExactFit.SmoothingParameter::lambda).toArray());
    }
    if (isDeep() && fit.stop() != ExactFit.Stop.CANCELLED) {
      trained = fit.trained();
      isFresh = false;
      return Optional.empty();
    }
    keep(fit.trained(), state, data);
    return Optional.of(ExactHistory.of(fit));
  }

  private void keep(double[] nextTrained, double[] nextState, TrainingData data) {
    trained = nextTrained;
    state = nextState;
    moved = new Orthogonalisation(this).moved(data);
    isFresh = false;
  }

  /**
   * As Keras starts. Where parameters bound the support, slopes start at zero: of random ones, some
   * put responses outside, where the density has no slope that leads back.
   */
  private double[] plainStart(TrainingData data) {
    if (definition().family().hasMovingSupport()) {
      return Start.of(graph, data, startSeed);
    }
    return new InitialWeights(graph, startSeed).trained(Start.constants(graph, data));
  }

  /** The exact fit that the last fit began with or consisted of, if it had one. */
  public Optional<ExactFit> exactFit() {
    return exact;
  }

  /**
   * The coefficients of a structured term: row-major (size, r).
   *
   * @throws IllegalArgumentException listing the terms there are
   */
  public double[] coefficients(String predictor, String term) {
    List<String> names = definition().predictors().stream().map(p -> p.name()).toList();
    List<WeightEntries.Entry> terms = entries().stream().filter(e -> e.predictor() >= 0).toList();
    for (WeightEntries.Entry e : terms) {
      if (e.name().equals(term) && names.get(e.predictor()).equals(predictor)) {
        return Arrays.copyOfRange(weights(), e.offset(), e.offset() + e.size());
      }
    }
    throw new IllegalArgumentException(
        "no term '"
            + term
            + "' in predictor '"
            + predictor
            + "'; there are "
            + terms.stream().map(e -> names.get(e.predictor()) + ": " + e.name()).toList());
  }

  /**
   * What the model says of rows.
   *
   * @throws IllegalArgumentException naming a missing column
   */
  public Predictions predict(Dataset data) {
    try (RowScorer scorer = new RowScorer(this)) {
      return scorer.predict(data);
    }
  }

  /**
   * The design matrix of a structured term: (n, size).
   *
   * @throws IllegalArgumentException when the predictor has no such term
   */
  public Tensor design(Dataset data, String predictor, String term) {
    return new TermEffects(this).design(data, predictor, term);
  }

  /**
   * What a term adds to its predictor: (n, r). Structured, deep or offset.
   *
   * @throws IllegalArgumentException when the predictor has no such term
   */
  public Tensor effect(Dataset data, String predictor, String term) {
    return new TermEffects(this).effect(data, predictor, term);
  }

  /** The response distributions of rows, at the weights as they are now. */
  public Distribution distribution(Dataset data) {
    return new Distribution(
        definition().family(), predict(data).linearPredictors(), definition().responseColumns());
  }

  /** Row-wise log-densities (n), unweighted. */
  public double[] logDensity(TrainingData data) {
    return new LogDensity(this).of(data);
  }

  /**
   * Covariance, effective degrees of freedom and log-likelihood of the structured coefficients; one
   * pass over the data and a Newton step. With networks, given what they say of the rows.
   *
   * @param data the rows that the model was fitted to
   * @throws SolverException when the second derivatives are not finite
   */
  public ModelInference inference(TrainingData data) {
    return StructuredInference.of(this, data);
  }

  /** Derivatives of the c means by the q·r linear predictors: (n, c · q·r). */
  public Tensor meanSlopes(Dataset data) {
    return Slopes.ofMean(definition(), predict(data).linearPredictors());
  }

  /** Derivatives of the q·r parameters by the q·r linear predictors: (n, q·r · q·r). */
  public Tensor parameterSlopes(Dataset data) {
    return Slopes.ofParameters(definition(), predict(data).linearPredictors());
  }

  /** W as a user sees it, after orthogonalisation: row-major (p, q·r). */
  double[] structuredCoefficients() {
    return Arrays.copyOf(entries.shown(trained, moved), layout().rows() * layout().columns());
  }

  /** How many of the rows given to the last fit were trained on, the first ones; 0 before. */
  public long fittedRows() {
    return fittedRows;
  }

  /** The fitted model as an ONNX model that takes raw columns. */
  public byte[] toOnnx() {
    return toOnnx(ExportOptions.NONE);
  }

  /**
   * The same with further outputs.
   *
   * @throws org.deepregression4j.engine.family.FamilyException when quantiles are asked of a family
   *     without a distribution function
   */
  public byte[] toOnnx(ExportOptions options) {
    return Exporter.toOnnx(this, options);
  }

  /** What orthogonalisation moved from a deep term: row-major (overlap.size, r). */
  double[] moved(Overlap overlap) {
    return entries.moved(overlap, moved);
  }

  /** The two weight vectors as tensors of the model's precision. */
  Map<String, Tensor> tensors() {
    ElementType type = definition().precision();
    return Map.of(
        "trained", Tensor.copyOf(type, trained, trained.length),
        "state", Tensor.copyOf(type, state, state.length));
  }
}
