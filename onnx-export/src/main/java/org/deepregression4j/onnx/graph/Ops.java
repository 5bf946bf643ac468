package org.deepregression4j.onnx.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Writes expressions: one method per operator, each returning its output. */
public final class Ops {
  private Ops() {}

  /** An input of a graph. */
  public static Value input(String name, ElementType type, Shape shape) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put("_name", new Attribute.Text(name));
    attributes.put("_type", new Attribute.Text(type.name()));
    attributes.put("_dims", dims(shape));
    return new Node(Op.IN, List.of(), attributes).output();
  }

  /** A constant. */
  public static Value constant(Constant value) {
    return node(Op.CONSTANT, List.of(), Map.of("value", new Attribute.Tensor(value)));
  }

  /** A floating point scalar. */
  public static Value scalar(ElementType type, double value) {
    return constant(Constant.copyOf(type, new double[] {value}));
  }

  /** A floating point scalar of the element type of {@code like}. */
  public static Value scalar(Value like, double value) {
    return scalar(like.type(), value);
  }

  /** A floating point vector of length n. */
  public static Value vector(ElementType type, double... values) {
    return constant(Constant.copyOf(type, values, values.length));
  }

  /** A floating point matrix (rows, columns), given row-major. */
  public static Value matrix(ElementType type, double[] rowMajor, long rows, long columns) {
    return constant(Constant.copyOf(type, rowMajor, rows, columns));
  }

  /** An int64 vector. */
  public static Value longs(long... values) {
    return constant(Constant.copyOf(values, values.length));
  }

  /** An int64 scalar. */
  public static Value longScalar(long value) {
    return constant(Constant.copyOf(new long[] {value}));
  }

  /** Applies an operator with one output. */
  public static Value node(Op op, List<Value> inputs, Map<String, Attribute> attributes) {
    return new Node(op, inputs, attributes).output();
  }

  /** Applies an operator without attributes. */
  public static Value apply(Op op, Value... inputs) {
    return node(op, Arrays.asList(inputs), Map.of());
  }

  private static Attribute dims(Shape shape) {
    return new Attribute.Texts(shape.dims().stream().map(Dim::toString).toList());
  }

  private static Attribute number(long value) {
    return new Attribute.Int(value);
  }

  /** a + b. */
  public static Value add(Value a, Value b) {
    return apply(Op.ADD, a, b);
  }

  /** a + b for a number b. */
  public static Value add(Value a, double b) {
    return add(a, scalar(a, b));
  }

  /** a - b. */
  public static Value sub(Value a, Value b) {
    return apply(Op.SUB, a, b);
  }

  /** a - b for a number a. */
  public static Value sub(double a, Value b) {
    return sub(scalar(b, a), b);
  }

  /** a - b for a number b. */
  public static Value sub(Value a, double b) {
    return sub(a, scalar(a, b));
  }

  /** a · b, elementwise. */
  public static Value mul(Value a, Value b) {
    return apply(Op.MUL, a, b);
  }

  /** a · b for a number b. */
  public static Value mul(Value a, double b) {
    return mul(a, scalar(a, b));
  }

  /** a / b. */
  public static Value div(Value a, Value b) {
    return apply(Op.DIV, a, b);
  }

  /** a / b for a number b. */
  public static Value div(Value a, double b) {
    return div(a, scalar(a, b));
  }

  /** a / b for a number a. */
  public static Value div(double a, Value b) {
    return div(scalar(b, a), b);
  }

  /** a to the power b. */
  public static Value pow(Value a, Value b) {
    return apply(Op.POW, a, b);
  }

  /** a to the power of a number b. */
  public static Value pow(Value a, double b) {
    return pow(a, scalar(a, b));
  }

  /** Elementwise larger. */
  public static Value max(Value a, Value b) {
    return apply(Op.MAX, a, b);
  }

  /** Elementwise smaller. */
  public static Value min(Value a, Value b) {
    return apply(Op.MIN, a, b);
  }

  /** -a. */
  public static Value neg(Value a) {
    return apply(Op.NEG, a);
  }

  /** exp(a). */
  public static Value exp(Value a) {
    return apply(Op.EXP, a);
  }

  /** log(a). */
  public static Value log(Value a) {
    return apply(Op.LOG, a);
  }

  /** sin(a). */
  public static Value sin(Value a) {
    return apply(Op.SIN, a);
  }

  /** cos(a); in float64 sin(a + π/2), for which there is a kernel. */
  public static Value cos(Value a) {
    return Op.COS.types().contains(a.type()) ? apply(Op.COS, a) : sin(add(a, Math.PI / 2));
  }

  /** Square root. */
  public static Value sqrt(Value a) {
    return apply(Op.SQRT, a);
  }

  /** a². */
  public static Value square(Value a) {
    return mul(a, a);
  }

  /** |a|. */
  public static Value abs(Value a) {
    return apply(Op.ABS, a);
  }

  /** 1 / (1 + exp(-a)). */
  public static Value sigmoid(Value a) {
    return apply(Op.SIGMOID, a);
  }

  /** tanh(a). */
  public static Value tanh(Value a) {
    return apply(Op.TANH, a);
  }

  /** max(a, 0). */
  public static Value relu(Value a) {
    return apply(Op.RELU, a);
  }

  /** Where the condition holds a, otherwise b. */
  public static Value where(Value condition, Value a, Value b) {
    return apply(Op.WHERE, condition, a, b);
  }

  /** a &lt; b. */
  public static Value less(Value a, Value b) {
    return apply(Op.LESS, a, b);
  }

  /** a &gt; b. */
  public static Value greater(Value a, Value b) {
    return apply(Op.GREATER, a, b);
  }

  /** a == b. */
  public static Value equal(Value a, Value b) {
    return apply(Op.EQUAL, a, b);
  }

  /** Converts the element type; the value itself when it has that type. */
  public static Value cast(Value a, ElementType to) {
    if (a.type() == to) {
      return a;
    }
    return node(Op.CAST, List.of(a), Map.of("to", number(to.onnxCode())));
  }

  private static Value reduce(Op op, Value a, boolean keep, long... axes) {
    // ONNX Runtime 1.28 does not reduce over a negative axis when there are no rows.
    long[] along = Arrays.stream(axes).map(axis -> a.shape().axis((int) axis)).toArray();
    return node(op, List.of(a, longs(along)), Map.of("keepdims", number(keep ? 1 : 0)));
  }

  /** Sum over axes. */
  public static Value sum(Value a, boolean keep, long... axes) {
    return reduce(Op.REDUCE_SUM, a, keep, axes);
  }

  /** Sum of all elements, a scalar. */
  public static Value sumAll(Value a) {
    return a.shape().rank() == 0 ? a : sum(a, false, allAxes(a));
  }

  /** Mean over axes. */
  public static Value mean(Value a, boolean keep, long... axes) {
    return reduce(Op.REDUCE_MEAN, a, keep, axes);
  }

  /** Largest over axes. */
  public static Value reduceMax(Value a, boolean keep, long... axes) {
    return reduce(Op.REDUCE_MAX, a, keep, axes);
  }

  /** Smallest over axes. */
  public static Value reduceMin(Value a, boolean keep, long... axes) {
    return reduce(Op.REDUCE_MIN, a, keep, axes);
  }

  private static long[] allAxes(Value a) {
    long[] axes = new long[a.shape().rank()];
    Arrays.setAll(axes, i -> i);
    return axes;
  }

  /** Matrix product of (..., n, k) and (..., k, m). */
  public static Value matMul(Value a, Value b) {
    return apply(Op.MAT_MUL, a, b);
  }

  /** Product of matrices, each transposed or not. */
  public static Value gemm(Value a, boolean transA, Value b, boolean transB) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put("transA", number(transA ? 1 : 0));
    attributes.put("transB", number(transB ? 1 : 0));
    return node(Op.GEMM, List.of(a, b), attributes);
  }

  /** a b + c, with c broadcast to the product's shape. */
  public static Value gemm(Value a, Value b, Value c) {
    return node(Op.GEMM, List.of(a, b, c), Map.of());
  }

  /** Reshapes; 0 copies a dimension, -1 takes the rest. The value itself when nothing changes. */
  public static Value reshape(Value a, long... sizes) {
    Value out = apply(Op.RESHAPE, a, longs(sizes));
    return out.shape().equals(a.shape()) ? a : out;
  }

  /** Reshapes to a size known at run time, with its shape stated. */
  public static Value reshape(Value a, Value sizes, Shape stated) {
    return node(Op.RESHAPE, List.of(a, sizes), Map.of("_dims", dims(stated)));
  }

  /** Permutes the axes. */
  public static Value transpose(Value a, long... perm) {
    List<Long> order = Arrays.stream(perm).boxed().toList();
    return node(Op.TRANSPOSE, List.of(a), Map.of("perm", new Attribute.Ints(order)));
  }

  /** Repeats a to the shape of {@code like}; the value itself when it has that shape. */
  public static Value expandLike(Value a, Value like) {
    if (a.shape().equals(like.shape())) {
      return a;
    }
    if (like.shape().isFixed()) {
      return apply(Op.EXPAND, a, longs(like.shape().sizes()));
    }
    return expand(a, apply(Op.SHAPE, like), like.shape());
  }

  /** Repeats a to sizes known at run time, with the resulting shape stated. */
  public static Value expand(Value a, Value sizes, Shape stated) {
    return node(Op.EXPAND, List.of(a, sizes), Map.of("_dims", dims(stated)));
  }

  /** Inserts axes of size one. */
  public static Value unsqueeze(Value a, long... axes) {
    return apply(Op.UNSQUEEZE, a, longs(axes));
  }

  /** Removes axes of size one. */
  public static Value squeeze(Value a, long... axes) {
    return apply(Op.SQUEEZE, a, longs(axes));
  }

  /** Joins along an axis; a single value is returned as it is. */
  public static Value concat(List<Value> values, long axis) {
    return values.size() == 1
        ? values.get(0)
        : node(Op.CONCAT, values, Map.of("axis", number(axis)));
  }

  /** Cuts along an axis into pieces of the given sizes. */
  public static List<Value> split(Value a, long axis, long... sizes) {
    if (sizes.length == 1) {
      return List.of(a);
    }
    List<Value> inputs = List.of(a, longs(sizes));
    return new Node(Op.SPLIT, inputs, Map.of("axis", number(axis))).outputs();
  }

  /** Rows (or other indices along one fixed axis) from start to end, end excluded. */
  public static Value slice(Value a, long axis, long start, long end) {
    return apply(Op.SLICE, a, longs(start), longs(end), longs(axis));
  }

  /** Slice with bounds known at run time, with its shape stated. */
  public static Value slice(Value a, long axis, Value start, Value end, Shape stated) {
    return node(Op.SLICE, List.of(a, start, end, longs(axis)), Map.of("_dims", dims(stated)));
  }

  /** Picks indices along an axis. */
  public static Value gather(Value a, Value indices, long axis) {
    return node(Op.GATHER, List.of(a, indices), Map.of("axis", number(axis)));
  }

  /** Picks the element that the index names at each place, along an axis. */
  public static Value gatherElements(Value a, Value indices, long axis) {
    return node(Op.GATHER_ELEMENTS, List.of(a, indices), Map.of("axis", number(axis)));
  }

  /** Picks a[i...] for each row i of the indices (..., depth), depth fixed. */
  public static Value gatherNd(Value a, Value indices) {
    return apply(Op.GATHER_ND, a, indices);
  }

  /** A copy of a with updates added at a[i...] for each row i of the indices (..., depth). */
  public static Value scatterNdAdd(Value a, Value indices, Value updates) {
    return node(Op.SCATTER_ND, List.of(a, indices, updates), reduction("add"));
  }

  /** A copy of a with updates added where the indices point along an axis. */
  public static Value scatterElementsAdd(Value a, Value indices, Value updates, long axis) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(reduction("add"));
    attributes.put("axis", number(axis));
    return node(Op.SCATTER_ELEMENTS, List.of(a, indices, updates), attributes);
  }

  private static Map<String, Attribute> reduction(String name) {
    return Map.of("reduction", new Attribute.Text(name));
  }

  /** Adds zeros around a: first all sizes before, then all sizes after, by axis. */
  public static Value pad(Value a, long... sizes) {
    return apply(Op.PAD, a, longs(sizes));
  }

  /** Pads with sizes known at run time, with the resulting shape stated. */
  public static Value pad(Value a, Value sizes, Shape stated) {
    return node(Op.PAD, List.of(a, sizes), Map.of("_dims", dims(stated)));
  }

  /** Running sums along an axis. */
  public static Value cumSum(Value a, long axis, boolean isExclusive, boolean isReverse) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put("exclusive", number(isExclusive ? 1 : 0));
    attributes.put("reverse", number(isReverse ? 1 : 0));
    return node(Op.CUM_SUM, List.of(a, longScalar(axis)), attributes);
  }

  /** Softmax along an axis. */
  public static Value softmax(Value a, long axis) {
    return node(Op.SOFTMAX, List.of(a), Map.of("axis", number(axis)));
  }

  /** The sizes, int64. */
  public static Value shapeOf(Value a) {
    return apply(Op.SHAPE, a);
  }

  /** Uniform random numbers in [0, 1) of the shape and type of {@code like}. */
  public static Value uniformLike(Value like, float seed) {
    return node(Op.RANDOM_UNIFORM_LIKE, List.of(like), Map.of("seed", new Attribute.Real(seed)));
  }

  /** Codes 1..K of strings by their place in {@code levels}; 0 for any other string. */
  public static Value encodeLabels(Value strings, List<String> levels) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    List<Long> codes = LongStream.rangeClosed(1, levels.size()).boxed().toList();
    attributes.put("keys_strings", new Attribute.Texts(levels));
    attributes.put("values_int64s", new Attribute.Ints(codes));
    attributes.put("default_int64", number(0));
    return node(Op.LABEL_ENCODER, List.of(strings), attributes);
  }

  /**
   * Repeats {@code body} {@code trips} times. The body's inputs are the iteration number, the
   * condition and the carried values; its outputs the condition, the carried values and what is
   * scanned.
   */
  public static List<Value> loop(Value trips, List<Value> initial, Graph body) {
    List<Value> inputs = new ArrayList<>();
    inputs.add(trips);
    inputs.add(constant(Constant.of(true)));
    inputs.addAll(initial);
    return new Node(Op.LOOP, inputs, Map.of(), Map.of("body", body)).outputs();
  }
}
