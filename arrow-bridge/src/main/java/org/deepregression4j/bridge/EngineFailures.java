package org.deepregression4j.bridge;

import java.util.function.Supplier;
import org.deepregression4j.bridge.BridgeException.ArgumentException;
import org.deepregression4j.engine.family.FamilyException;
import org.deepregression4j.engine.model.ModelException;
import org.deepregression4j.engine.term.TermException;
import org.deepregression4j.onnx.graph.EngineException;

/** Turns what the engine throws into failures that R understands. */
final class EngineFailures {
  private EngineFailures() {}

  /** Fields go along; a failure with a term is R's condition for terms. */
  private static BridgeException located(ModelException e) {
    String message = String.valueOf(e.getMessage());
    String term = e.fields().get("term");
    BridgeException out =
        term == null
            ? new BridgeException("argument", message, e)
            : new BridgeException.TermException(term, message, e);
    e.fields().forEach(out::with);
    return out;
  }

  static <T> T translate(Supplier<T> work) {
    try {
      return work.get();
    } catch (TermException e) {
      throw new BridgeException.TermException(e.where(), String.valueOf(e.getMessage()), e);
    } catch (FamilyException e) {
      throw new ArgumentException("family", String.valueOf(e.getMessage()));
    } catch (ModelException e) {
      throw located(e);
    } catch (EngineException e) {
      BridgeException out = new BridgeException(e.kind(), String.valueOf(e.getMessage()), e);
      e.fields().forEach(out::with);
      throw out;
    } catch (IllegalArgumentException e) {
      throw new BridgeException("argument", String.valueOf(e.getMessage()), e);
    }
  }
}
