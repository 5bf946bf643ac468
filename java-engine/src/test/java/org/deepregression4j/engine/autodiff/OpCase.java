package org.deepregression4j.engine.autodiff;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Value;

/**
 * One operator on arguments of given shapes, with an independent computation of the result.
 *
 * @param op the operator that the case covers
 * @param label what is special about it
 * @param args the arguments
 * @param build the graph expression, of the arguments' element type
 * @param oracle the same in plain Java
 * @param minRows fewest rows for which the operator is defined
 * @param tolerance relative error of a gradient
 */
record OpCase(
    Op op,
    String label,
    List<Arg> args,
    Function<List<Value>, Value> build,
    Function<List<Array>, Array> oracle,
    int minRows,
    double tolerance) {
  /** Kinds of arguments; only numbers have gradients. */
  enum Kind {
    NUMBER,
    INDEX,
    TRUTH,
    TEXT
  }

  /** An argument with values in [low, high); -1 stands for the number of rows in its sizes. */
  record Arg(Kind kind, double low, double high, int... sizes) {
    static Arg number(int... sizes) {
      return new Arg(Kind.NUMBER, -2, 2, sizes);
    }

    static Arg positive(int... sizes) {
      return new Arg(Kind.NUMBER, 0.3, 2, sizes);
    }

    static Arg index(int end, int... sizes) {
      return new Arg(Kind.INDEX, 0, end, sizes);
    }

    static Arg truth(int... sizes) {
      return new Arg(Kind.TRUTH, 0, 2, sizes);
    }

    int[] sizes(int rows) {
      return Arrays.stream(sizes).map(s -> s == -1 ? rows : s).toArray();
    }

    boolean hasRows() {
      return Arrays.stream(sizes).anyMatch(s -> s == -1);
    }

    ElementType type(ElementType number) {
      return switch (kind) {
        case NUMBER -> number;
        case INDEX -> ElementType.INT64;
        case TRUTH -> ElementType.BOOL;
        case TEXT -> ElementType.STRING;
      };
    }
  }

  static OpCase of(
      Op op,
      String label,
      List<Arg> args,
      Function<List<Value>, Value> build,
      Function<List<Array>, Array> oracle) {
    return new OpCase(op, label, args, build, oracle, 0, 1e-6);
  }

  OpCase fromRows(int rows) {
    return new OpCase(op, label, args, build, oracle, rows, tolerance);
  }

  OpCase within(double error) {
    return new OpCase(op, label, args, build, oracle, minRows, error);
  }

  boolean hasRows() {
    return args.stream().anyMatch(Arg::hasRows);
  }

  /** Operators that are not differentiated. */
  static final Set<Op> REFUSED = Set.of(Op.LOOP, Op.IF, Op.RANGE);

  @Override
  public String toString() {
    return op + " " + label;
  }
}
