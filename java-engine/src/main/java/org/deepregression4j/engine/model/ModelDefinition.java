package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Penalty;
import org.deepregression4j.engine.term.Term;
import org.deepregression4j.onnx.graph.ElementType;

/**
 * What a model is, without weights. Immutable.
 *
 * @param family the response distribution
 * @param precision FLOAT64 or FLOAT32, of everything behind the raw columns
 * @param seed of the starting weights
 * @param responseColumns m: columns of the response
 * @param columns the raw columns that the terms use
 * @param predictors one per parameter of the family, in its order
 * @param networks by the name that formulas use
 */
public record ModelDefinition(
    Family family,
    ElementType precision,
    long seed,
    int responseColumns,
    List<ColumnSpec> columns,
    List<Predictor> predictors,
    Map<String, Network> networks) {
  /** r: columns of every predictor; mostly those of the response, each with its own. */
  public int predictorColumns() {
    return family.predictorColumns(responseColumns);
  }

  /** The smoothing parameters of all penalties, predictor by predictor and term by term. */
  public double[] lambdas() {
    return predictors.stream()
        .flatMap(p -> p.structured().stream())
        .flatMap(s -> s.term().penalty().stream())
        .flatMapToDouble(p -> p.lambdas().stream().mapToDouble(x -> x))
        .toArray();
  }

  /** This definition with other smoothing parameters, in the order of {@link #lambdas()}. */
  public ModelDefinition withLambdas(double[] lambdas) {
    List<Predictor> changed = new ArrayList<>();
    int at = 0;
    for (Predictor predictor : predictors) {
      List<Predictor.Weighted> terms = new ArrayList<>();
      for (Predictor.Weighted weighted : predictor.structured()) {
        Optional<Penalty> penalty = weighted.term().penalty();
        if (penalty.isEmpty()) {
          terms.add(weighted);
          continue;
        }
        List<Double> own = new ArrayList<>();
        for (int i = 0; i < penalty.get().lambdas().size(); i++) {
          own.add(lambdas[at++]);
        }
        Penalty other = new Penalty(penalty.get().matrices(), own, penalty.get().scale());
        terms.add(new Predictor.Weighted(weighted.term().withPenalty(other), weighted.weights()));
      }
      changed.add(new Predictor(predictor.name(), terms, predictor.offsets(), predictor.deep()));
    }
    return new ModelDefinition(
        family, precision, seed, responseColumns, columns, changed, networks);
  }

  /**
   * Copies the collections and checks them against each other.
   *
   * @throws ModelException naming the predictor, term or network that does not fit
   */
  public ModelDefinition {
    columns = List.copyOf(columns);
    predictors = List.copyOf(predictors);
    networks = Map.copyOf(networks);
    if (!precision.isFloat()) {
      throw new IllegalArgumentException(
          "precision: expected FLOAT64 or FLOAT32, got " + precision);
    }
    int expected = family.parameters().size();
    if (predictors.size() != expected) {
      throw ModelException.of(
          "family '"
              + family.name()
              + "' has "
              + expected
              + " parameters, got "
              + predictors.size()
              + " formulas");
    }
    if (responseColumns < 1) {
      throw ModelException.of("response_columns: expected at least 1, got " + responseColumns);
    }
    family.requireColumns(responseColumns);
    Set<String> known = columns.stream().map(ColumnSpec::name).collect(Collectors.toSet());
    if (known.size() < columns.size()) {
      throw ModelException.of("columns: two have the same name");
    }
    for (Predictor predictor : predictors) {
      for (DeepTerm deep : predictor.deep()) {
        requireNetwork(deep, predictor, networks);
      }
      predictor.terms().forEach(term -> requireColumns(term, predictor, known));
    }
    if (predictors.stream().allMatch(p -> p.terms().isEmpty())) {
      throw ModelException.of("the model has no term");
    }
  }

  private static void requireNetwork(
      DeepTerm deep, Predictor predictor, Map<String, Network> networks) {
    Network network = networks.get(deep.network());
    if (network == null) {
      throw ModelException.atTerm(
          predictor.name(),
          deep.name(),
          "no network is called '" + deep.network() + "', there are " + networks.keySet());
    }
    if (network.inputs().size() != deep.inputs().size()) {
      throw ModelException.atTerm(
          predictor.name(),
          deep.name(),
          "the network '"
              + network.name()
              + "' takes "
              + network.inputs().size()
              + " input(s), got "
              + deep.inputs().size());
    }
  }

  private static void requireColumns(Term term, Predictor predictor, Set<String> known) {
    for (String column : term.columnsUsed()) {
      if (!known.contains(column)) {
        throw ModelException.atTerm(
            predictor.name(),
            term.name(),
            "it uses the column '" + column + "', which the model does not have");
      }
    }
  }
}
