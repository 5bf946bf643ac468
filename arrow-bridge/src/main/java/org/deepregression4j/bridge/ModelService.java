package org.deepregression4j.bridge;

import org.jspecify.annotations.Nullable;

/**
 * What the facade needs of an engine. Found by {@link java.util.ServiceLoader}; the first one on
 * the class path serves.
 */
public interface ModelService {
  /**
   * Builds a model from its specification ({@code docs/model-spec.md}).
   *
   * @param specJson the MODEL
   * @param payload one column of doubles, or null when the specification refers to none; valid only
   *     during the call
   */
  Model newModel(String specJson, @Nullable Table payload);

  /** JSON table of the families: name, parameters, links. */
  String families();

  /** Loads what the first call would load; runs in the background, may do nothing. */
  default void warmUp() {}
}
