package org.deepregression4j.engine.model;

import org.deepregression4j.onnx.graph.EngineException;
import org.jspecify.annotations.Nullable;

/**
 * A model whose parts do not fit each other; the fields name the predictor and term, the network or
 * the column as the user wrote them.
 */
public final class ModelException extends EngineException {
  private ModelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** About the model as a whole. */
  static ModelException of(String message) {
    return new ModelException(message, null);
  }

  /** About one term: "term 's(x)' of 'loc': " and what was expected and came. */
  static ModelException atTerm(String predictor, String term, String message) {
    return atTerm(predictor, term, message, null);
  }

  /** About one term, with what was thrown inside. */
  static ModelException atTerm(
      String predictor, String term, String message, @Nullable Throwable cause) {
    ModelException out =
        new ModelException("term '" + term + "' of '" + predictor + "': " + message, cause);
    out.put("predictor", predictor);
    out.put("term", term);
    return out;
  }

  @Override
  public String kind() {
    return "model";
  }
}
