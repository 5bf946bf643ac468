package org.deepregression4j.engine.autodiff;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** A plain Java array of any rank, row-major: what oracles compute with. */
record Array(double[] data, int... sizes) {
  static int count(int... sizes) {
    return Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
  }

  /** Fills every element from its index. */
  static Array of(ToDoubleFunction<int[]> element, int... sizes) {
    double[] data = new double[count(sizes)];
    for (int i = 0; i < data.length; i++) {
      data[i] = element.applyAsDouble(index(i, sizes));
    }
    return new Array(data, sizes);
  }

  private static int[] index(int place, int... sizes) {
    int[] index = new int[sizes.length];
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      index[axis] = place % sizes[axis];
      place /= sizes[axis];
    }
    return index;
  }

  int rank() {
    return sizes.length;
  }

  int place(int... index) {
    int place = 0;
    for (int axis = 0; axis < sizes.length; axis++) {
      place = place * sizes[axis] + index[axis];
    }
    return place;
  }

  double at(int... index) {
    return data[place(index)];
  }

  /** The element that broadcasting puts at an index of a larger shape. */
  double spread(int[] index) {
    int[] own = new int[sizes.length];
    for (int axis = 0; axis < own.length; axis++) {
      own[axis] = sizes[axis] == 1 ? 0 : index[axis + index.length - own.length];
    }
    return at(own);
  }

  /** The shape that arrays broadcast to. */
  static int[] together(Array... arrays) {
    int rank = Arrays.stream(arrays).mapToInt(Array::rank).max().orElse(0);
    int[] out = new int[rank];
    Arrays.fill(out, 1);
    for (Array array : arrays) {
      for (int axis = 0; axis < array.rank(); axis++) {
        int at = axis + rank - array.rank();
        out[at] = out[at] == 1 ? array.sizes[axis] : out[at];
      }
    }
    return out;
  }

  /** This array with one element moved. */
  Array shifted(int place, double by) {
    double[] copy = data.clone();
    copy[place] += by;
    return new Array(copy, sizes);
  }

  double dot(Array other) {
    double sum = 0;
    for (int i = 0; i < data.length; i++) {
      sum += data[i] * other.data[i];
    }
    return sum;
  }
}
