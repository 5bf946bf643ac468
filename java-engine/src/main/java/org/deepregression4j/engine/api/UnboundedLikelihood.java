package org.deepregression4j.engine.api;

import java.util.List;
import org.deepregression4j.engine.solve.Note;
import org.deepregression4j.onnx.graph.EngineException;

/** A model without a best fit: its likelihood grows without bound, as for a constant response. */
public final class UnboundedLikelihood extends EngineException {
  UnboundedLikelihood(List<Note> notes) {
    super(String.join("; ", notes.stream().map(Note::message).toList()), null);
    notes.stream()
        .flatMap(note -> note.terms().stream())
        .findFirst()
        .ifPresent(t -> put("term", t));
  }

  @Override
  public String kind() {
    return "unbounded";
  }
}
