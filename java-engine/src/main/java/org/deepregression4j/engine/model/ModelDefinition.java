package org.deepregression4j.engine.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.onnx.graph.ElementType;

/**
 * What a model is, without weights. Immutable.
 *
 * @param family the response distribution
 * @param precision FLOAT64 or FLOAT32, of everything behind the raw columns
 * @param seed of the starting weights
 * @param responseColumns m: columns of the response, each with its own predictors
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
  /**
   * Copies the collections and checks them against each other.
   *
   * @throws IllegalArgumentException naming the predictor, term or network that does not fit
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
      throw new IllegalArgumentException(
          "family '"
              + family.name()
              + "' has "
              + expected
              + " parameters, got "
              + predictors.size()
              + " formulas");
    }
    Map<String, ColumnSpec> known = new HashMap<>();
    columns.forEach(c -> known.put(c.name(), c));
    for (Predictor predictor : predictors) {
      for (DeepTerm deep : predictor.deep()) {
        if (!networks.containsKey(deep.network())) {
          throw new IllegalArgumentException(
              "term '"
                  + deep.name()
                  + "' of '"
                  + predictor.name()
                  + "': no network is called '"
                  + deep.network()
                  + "', there are "
                  + networks.keySet());
        }
      }
      for (Predictor.Weighted s : predictor.structured()) {
        for (String column : s.term().columnsUsed()) {
          if (!known.containsKey(column)) {
            throw new IllegalArgumentException(
                "term '"
                    + s.term().name()
                    + "' of '"
                    + predictor.name()
                    + "' uses the column '"
                    + column
                    + "', which the model does not have");
          }
        }
      }
    }
  }
}
