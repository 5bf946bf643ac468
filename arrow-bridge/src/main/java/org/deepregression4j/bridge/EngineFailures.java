package org.deepregression4j.bridge;

import java.util.function.Supplier;
import org.deepregression4j.bridge.BridgeException.ArgumentException;
import org.deepregression4j.engine.family.FamilyException;
import org.deepregression4j.engine.term.TermException;

/** Turns what the engine throws into failures that R understands. */
final class EngineFailures {
  private EngineFailures() {}

  static <T> T translate(Supplier<T> work) {
    try {
      return work.get();
    } catch (TermException e) {
      throw new BridgeException.TermException(e.where(), String.valueOf(e.getMessage()), e);
    } catch (FamilyException e) {
      throw new ArgumentException("family", String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new BridgeException("argument", String.valueOf(e.getMessage()), e);
    }
  }
}
