package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.layer.LayerContext;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.term.ColumnInputs;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.onnx.graph.EngineException;
import org.deepregression4j.onnx.graph.Fingerprint;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * The deep part of a model: networks in their places, and the columns that go into them, which
 * networks with equal ones share.
 */
final class Deep {
  private final ModelDefinition definition;
  private final List<Use> uses = new ArrayList<>();
  private final List<List<Component>> inputs = new ArrayList<>();
  private final List<Integer> widths = new ArrayList<>();

  /** A network's place: its predictor, and which inputs are its own. */
  private record Use(int predictor, DeepTerm term, List<Integer> inputs) {}

  /**
   * Lays out the inputs.
   *
   * @throws ModelException naming the predictor and term whose columns do not fit
   */
  Deep(ModelDefinition definition, ColumnInputs columns) {
    this.definition = definition;
    Map<String, Integer> seen = new LinkedHashMap<>();
    for (int j = 0; j < definition.predictors().size(); j++) {
      for (DeepTerm term : definition.predictors().get(j).deep()) {
        List<Integer> places = new ArrayList<>();
        for (List<Component> input : term.inputs()) {
          Value matrix = sideBySide(j, term, input, columns);
          String key = Fingerprint.of(matrix);
          if (!seen.containsKey(key)) {
            seen.put(key, inputs.size());
            inputs.add(input);
            widths.add((int) matrix.shape().dim(1).size());
          }
          places.add(seen.getOrDefault(key, -1));
        }
        uses.add(new Use(j, term, places));
      }
    }
  }

  /** Columns of each input. */
  List<Integer> widths() {
    return List.copyOf(widths);
  }

  /** The inputs, each (n, its width). */
  List<Value> inputs(ColumnInputs columns) {
    return inputs.stream().map(input -> sideBySide(input, columns)).toList();
  }

  /** Writes all networks once, so that the context hears of their weights. */
  void apply(LayerContext context) {
    List<Value> values = new ArrayList<>();
    for (int width : widths) {
      values.add(Ops.input("deep", definition.precision(), Shape.rows("n", width)));
    }
    uses.forEach(use -> output(use, values, context));
  }

  /** Adds the networks' outputs to the linear predictors, which lie as the batch. */
  void addTo(List<Value> eta, Batch batch, Weights weights) {
    for (Use use : uses) {
      Value out = output(use, batch.deep(), weights);
      Value placed = batch.isAcross() ? FeatureLayout.asRow(out) : out;
      eta.set(use.predictor(), Ops.add(eta.get(use.predictor()), placed));
    }
  }

  /** The output (n, r) of one network in its place. */
  Value contribution(int predictor, String term, List<Value> values, Weights weights) {
    for (Use use : uses) {
      if (use.predictor() == predictor && use.term().name().equals(term)) {
        return output(use, values, weights);
      }
    }
    throw new IllegalArgumentException(
        "predictor '" + name(predictor) + "' has no deep term '" + term + "'");
  }

  /** The terms to be made orthogonal, with the trained terms that share variables with them. */
  List<Overlap> overlaps(Structured structured, WeightLayout layout) {
    List<Overlap> out = new ArrayList<>();
    for (Use use : uses) {
      List<WeightLayout.Coefficients> terms = new ArrayList<>();
      List<Structured.Placed> placed = structured.placed();
      for (int i = 0; i < placed.size(); i++) {
        Structured.Placed place = placed.get(i);
        boolean isShared =
            place.predictor() == use.predictor()
                && place.isAlone()
                && !Collections.disjoint(place.term().columnsUsed(), use.term().columnsUsed());
        if (isShared && layout.coefficients().get(i).isTrainable()) {
          terms.add(layout.coefficients().get(i));
        }
      }
      if (use.term().isOrthogonal() && !terms.isEmpty()) {
        out.add(new Overlap(use.predictor(), use.term().name(), terms));
      }
    }
    return out;
  }

  private String name(int predictor) {
    return definition.predictors().get(predictor).name();
  }

  private Value output(Use use, List<Value> values, LayerContext context) {
    Value out = applied(use, values, context);
    int expected = definition.predictorColumns();
    if (out.shape().rank() != 2 || out.shape().dim(1).size() != expected) {
      throw ModelException.atTerm(
          name(use.predictor()),
          use.term().name(),
          "the network must end with "
              + expected
              + " unit(s), its output has shape "
              + out.shape());
    }
    return out;
  }

  private Value applied(Use use, List<Value> values, LayerContext context) {
    try {
      return network(use.term()).apply(use.inputs().stream().map(values::get).toList(), context);
    } catch (IllegalArgumentException | EngineException e) {
      throw ModelException.atTerm(
          name(use.predictor()), use.term().name(), String.valueOf(e.getMessage()), e);
    }
  }

  private Network network(DeepTerm term) {
    Network network = definition.networks().get(term.network());
    if (network == null) {
      throw new IllegalArgumentException("no network is called '" + term.network() + "'");
    }
    return network;
  }

  private Value sideBySide(
      int predictor, DeepTerm term, List<Component> components, ColumnInputs columns) {
    try {
      return sideBySide(components, columns);
    } catch (IllegalArgumentException | EngineException e) {
      throw ModelException.atTerm(name(predictor), term.name(), String.valueOf(e.getMessage()), e);
    }
  }

  private static Value sideBySide(List<Component> components, ColumnInputs columns) {
    return Ops.concat(components.stream().map(c -> c.columns(columns)).toList(), 1);
  }
}
