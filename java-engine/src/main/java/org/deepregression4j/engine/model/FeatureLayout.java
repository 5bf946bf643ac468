package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * How the features of a row stand side by side: design columns, offsets, inputs of networks, and in
 * training the response and the row's weight.
 *
 * @param design p
 * @param offsets one column per predictor that has offsets
 * @param deep widths of the networks' inputs
 * @param response m
 */
record FeatureLayout(int design, int offsets, List<Integer> deep, int response) {

  /** Width without response and weight. */
  int width() {
    return design + offsets + deep.stream().mapToInt(i -> i).sum();
  }

  /** Width with response and weight. */
  int trainingWidth() {
    return width() + response + 1;
  }

  /** The parts of a feature matrix; empty ones are left out. */
  record Parts(List<Value> design, List<Value> offsets, List<Value> deep, List<Value> target) {}

  /** Cuts a matrix (n, width) or (n, trainingWidth) into its parts. */
  Parts split(Value features) {
    boolean isTraining = features.shape().dim(1).size() == trainingWidth();
    List<Long> sizes = new ArrayList<>();
    addIfPositive(sizes, design);
    addIfPositive(sizes, offsets);
    deep.forEach(w -> addIfPositive(sizes, w));
    if (isTraining) {
      sizes.add((long) response);
      sizes.add(1L);
    }
    long[] widths = sizes.stream().mapToLong(i -> i).toArray();
    List<Value> pieces = new ArrayList<>(Ops.split(features, 1, widths));
    return new Parts(
        take(pieces, design > 0 ? 1 : 0),
        take(pieces, offsets > 0 ? 1 : 0),
        take(pieces, deep.size()),
        take(pieces, isTraining ? 2 : 0));
  }

  private static void addIfPositive(List<Long> sizes, long size) {
    if (size > 0) {
      sizes.add(size);
    }
  }

  private static List<Value> take(List<Value> from, int count) {
    List<Value> out = new ArrayList<>(from.subList(0, count));
    from.subList(0, count).clear();
    return out;
  }
}
