package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.term.ColumnInputs;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.scoring.ModelSignature;

/** Writes what a fitted model says of rows; prediction and export share it. */
public final class Scoring {
  private Scoring() {}

  /**
   * The outputs by their names in {@link ModelSignature}, all FLOAT64: linear predictors and
   * parameters (n, q·r), mean and standard deviation (n, mean columns).
   */
  public static Map<String, Value> outputs(
      ModelGraph model, ColumnInputs columns, Weights weights) {
    Family family = model.definition().family();
    List<Value> eta = model.linearPredictors(model.features(columns), weights);
    Map<String, Value> out = new LinkedHashMap<>();
    out.put(ModelSignature.PARAMETERS, Ops.concat(family.parameters(eta), 1));
    out.put(ModelSignature.MEAN, family.mean(eta));
    out.put(ModelSignature.STDDEV, family.stddev(eta));
    out.put(ModelSignature.LINEAR_PREDICTORS, Ops.concat(eta, 1));
    // A mean may be the same for all rows, such as that of a family without a location.
    out.replaceAll((name, value) -> Ops.cast(perRow(value, eta.get(0)), ElementType.FLOAT64));
    return out;
  }

  /** Columns of mean and standard deviation: as their expressions have them. */
  public static int meanColumns(ModelDefinition model) {
    Shape shape = Shape.rows("n", model.predictorColumns());
    List<Value> eta = new ArrayList<>();
    model.predictors().forEach(p -> eta.add(Ops.input(p.name(), model.precision(), shape)));
    return (int) perRow(model.family().mean(eta), eta.get(0)).shape().dim(1).size();
  }

  /** The value for each row: itself, or repeated where it is the same for all rows. */
  public static Value perRow(Value value, Value eta) {
    return value.shape().rank() == 2 && value.shape().dim(0).equals(eta.shape().dim(0))
        ? value
        : Ops.expandLike(value, eta);
  }
}
