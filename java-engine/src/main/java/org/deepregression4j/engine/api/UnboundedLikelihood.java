package org.deepregression4j.engine.api;

import java.util.List;
import org.deepregression4j.engine.solve.Note;
import org.deepregression4j.onnx.graph.EngineException;

/** A model without a best fit: its likelihood grows without bound, as for a constant response. */
public final class UnboundedLikelihood extends EngineException {
  /** Of a fit's notes: what else the curvature shows at the edge of a range is no news. */
  UnboundedLikelihood(List<Note> notes) {
    super(String.join("; ", unbounded(notes).stream().map(Note::message).toList()), null);
    unbounded(notes).stream()
        .flatMap(note -> note.terms().stream())
        .findFirst()
        .ifPresent(t -> put("term", t));
  }

  private static List<Note> unbounded(List<Note> notes) {
    return notes.stream().filter(note -> note.kind() == Note.Kind.UNBOUNDED).toList();
  }

  @Override
  public String kind() {
    return "unbounded";
  }
}
