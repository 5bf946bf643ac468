package org.deepregression4j.onnx.graph;

import static org.deepregression4j.onnx.graph.ElementType.BOOL;
import static org.deepregression4j.onnx.graph.ElementType.FLOAT32;
import static org.deepregression4j.onnx.graph.ElementType.FLOAT64;
import static org.deepregression4j.onnx.graph.ElementType.INT32;
import static org.deepregression4j.onnx.graph.ElementType.INT64;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The table of operators: one row each, with arity, attributes, shape rule and the element types
 * for which ONNX Runtime 1.28 has CPU kernels. {@code IN} and {@code CONSTANT} are written as
 * inputs and initializers; every other row is an ONNX operator of the same name. Of {@code
 * IDENTITY} only the first input is written: more of them are for its annotation.
 */
public enum Op {
  IN("Input", 0, 0, Types.ALL, ShapeRules::declared, "_type", "_dims", "_name"),
  CONSTANT("Constant", 0, 0, Types.ALL, ShapeRules::constant, "value"),

  NEG("Neg", 1, 1, Types.NUMBER, ShapeRules::same),
  ABS("Abs", 1, 1, Types.NUMBER, ShapeRules::same),
  SIGN("Sign", 1, 1, Types.NUMBER, ShapeRules::same),
  EXP("Exp", 1, 1, Types.REAL, ShapeRules::same),
  LOG("Log", 1, 1, Types.REAL, ShapeRules::same),
  SQRT("Sqrt", 1, 1, Types.REAL, ShapeRules::same),
  RECIPROCAL("Reciprocal", 1, 1, Types.REAL, ShapeRules::same),
  SIN("Sin", 1, 1, Types.REAL, ShapeRules::same),
  COS("Cos", 1, 1, Types.SINGLE, ShapeRules::same),
  TANH("Tanh", 1, 1, Types.REAL, ShapeRules::same),
  SIGMOID("Sigmoid", 1, 1, Types.REAL, ShapeRules::same),
  RELU("Relu", 1, 1, Types.REAL, ShapeRules::same),
  FLOOR("Floor", 1, 1, Types.REAL, ShapeRules::same),
  CEIL("Ceil", 1, 1, Types.REAL, ShapeRules::same),
  ROUND("Round", 1, 1, Types.REAL, ShapeRules::same),
  IDENTITY("Identity", 1, -1, Types.ALL, ShapeRules::same, "_slopes"),
  IS_NAN("IsNaN", 1, 1, Types.REAL, ShapeRules::sameBool),
  IS_INF("IsInf", 1, 1, Types.REAL, ShapeRules::sameBool),
  NOT("Not", 1, 1, Types.TRUTH, ShapeRules::same),
  CAST("Cast", 1, 1, Types.ALL, ShapeRules::cast, "to"),

  ADD("Add", 2, 2, Types.NUMBER, ShapeRules::broadcast),
  SUB("Sub", 2, 2, Types.NUMBER, ShapeRules::broadcast),
  MUL("Mul", 2, 2, Types.NUMBER, ShapeRules::broadcast),
  DIV("Div", 2, 2, Types.NUMBER, ShapeRules::broadcast),
  POW("Pow", 2, 2, Types.NUMBER, ShapeRules::broadcast),
  MAX("Max", 2, 2, Types.NUMBER, ShapeRules::broadcast),
  MIN("Min", 2, 2, Types.NUMBER, ShapeRules::broadcast),
  MOD("Mod", 2, 2, Types.NUMBER, ShapeRules::broadcast, "fmod"),
  EQUAL("Equal", 2, 2, Types.CODED, ShapeRules::broadcastBool),
  LESS("Less", 2, 2, Types.NUMBER, ShapeRules::broadcastBool),
  LESS_OR_EQUAL("LessOrEqual", 2, 2, Types.NUMBER, ShapeRules::broadcastBool),
  GREATER("Greater", 2, 2, Types.NUMBER, ShapeRules::broadcastBool),
  GREATER_OR_EQUAL("GreaterOrEqual", 2, 2, Types.NUMBER, ShapeRules::broadcastBool),
  AND("And", 2, 2, Types.TRUTH, ShapeRules::broadcast),
  OR("Or", 2, 2, Types.TRUTH, ShapeRules::broadcast),
  WHERE("Where", 3, 3, Types.TRUTH, ShapeRules::where),

  REDUCE_SUM("ReduceSum", 2, 2, Types.NUMBER, ShapeRules::reduce, "keepdims"),
  REDUCE_MEAN("ReduceMean", 2, 2, Types.NUMBER, ShapeRules::reduce, "keepdims"),
  REDUCE_MAX("ReduceMax", 2, 2, Types.NUMBER, ShapeRules::reduce, "keepdims"),
  REDUCE_MIN("ReduceMin", 2, 2, Types.NUMBER, ShapeRules::reduce, "keepdims"),
  CUM_SUM("CumSum", 2, 2, Types.NUMBER, ShapeRules::same, "exclusive", "reverse"),
  SOFTMAX("Softmax", 1, 1, Types.REAL, ShapeRules::same, "axis"),
  LOG_SOFTMAX("LogSoftmax", 1, 1, Types.REAL, ShapeRules::same, "axis"),

  MAT_MUL("MatMul", 2, 2, Types.NUMBER, ShapeRules::matMul),
  GEMM("Gemm", 2, 3, Types.REAL, ShapeRules::gemm, "transA", "transB", "alpha", "beta"),

  RESHAPE("Reshape", 2, 2, Types.ALL, ShapeRules::reshape, "_dims"),
  TRANSPOSE("Transpose", 1, 1, Types.ALL, ShapeRules::transpose, "perm"),
  EXPAND("Expand", 2, 2, Types.ALL, ShapeRules::expand, "_dims"),
  UNSQUEEZE("Unsqueeze", 2, 2, Types.ALL, ShapeRules::unsqueeze),
  SQUEEZE("Squeeze", 2, 2, Types.ALL, ShapeRules::squeeze),
  CONCAT("Concat", 1, -1, Types.ALL, ShapeRules::concat, "axis"),
  SPLIT("Split", 2, 2, Types.ALL, ShapeRules::split, "axis"),
  SLICE("Slice", 4, 5, Types.ALL, ShapeRules::slice, "_dims"),
  GATHER("Gather", 2, 2, Types.ALL, ShapeRules::gather, "axis"),
  GATHER_ELEMENTS("GatherElements", 2, 2, Types.ALL, ShapeRules::gatherElements, "axis"),
  SCATTER_ND("ScatterND", 3, 3, Types.ALL, ShapeRules::same, "reduction"),
  SCATTER_ELEMENTS("ScatterElements", 3, 3, Types.ALL, ShapeRules::same, "axis", "reduction"),
  GATHER_ND("GatherND", 2, 2, Types.ALL, ShapeRules::gatherNd),
  SHAPE("Shape", 1, 1, Types.ALL, ShapeRules::shape),
  SIZE("Size", 1, 1, Types.ALL, ShapeRules::size),
  RANGE("Range", 3, 3, Types.NUMBER, ShapeRules::range, "_dims"),
  PAD("Pad", 2, 3, Types.NUMBER, ShapeRules::pad, "mode", "_dims"),

  RANDOM_UNIFORM_LIKE(
      "RandomUniformLike", 1, 1, Types.REAL, ShapeRules::same, "seed", "low", "high"),
  LOOP("Loop", 2, -1, Types.COUNT, ShapeRules::loop),
  IF("If", 1, 1, Types.TRUTH, ShapeRules::branch),
  LABEL_ENCODER(
      "LabelEncoder",
      1,
      1,
      Types.TEXT,
      ShapeRules::labels,
      "keys_strings",
      "values_int64s",
      "default_int64");

  private final String onnxName;
  private final int minInputs;
  private final int maxInputs;
  private final Set<ElementType> types;
  private final Function<Node, List<Node.Signature>> rule;
  private final Set<String> attributes;

  Op(
      String onnxName,
      int minInputs,
      int maxInputs,
      Set<ElementType> types,
      Function<Node, List<Node.Signature>> rule,
      String... attributes) {
    this.onnxName = onnxName;
    this.minInputs = minInputs;
    this.maxInputs = maxInputs;
    this.types = types;
    this.rule = rule;
    this.attributes = Set.of(attributes);
  }

  /** The operator's name in ONNX. */
  public String onnxName() {
    return onnxName;
  }

  /** The ONNX operator domain: empty for the standard set. */
  public String domain() {
    return this == LABEL_ENCODER ? "ai.onnx.ml" : "";
  }

  /** Fewest inputs. */
  public int minInputs() {
    return minInputs;
  }

  /** Most inputs; -1 when there is no limit. */
  public int maxInputs() {
    return maxInputs;
  }

  /** Element types of the first input for which there is a CPU kernel. */
  public Set<ElementType> types() {
    return types;
  }

  /** Types and shapes of the outputs from those of the inputs. */
  Function<Node, List<Node.Signature>> rule() {
    return rule;
  }

  /** True for attributes of ours that only state a shape and are not written. */
  public static boolean isAnnotation(String attribute) {
    return attribute.startsWith("_");
  }

  void check(List<Value> inputs, Map<String, Attribute> given, Map<String, Graph> bodies) {
    if (inputs.size() < minInputs || (maxInputs >= 0 && inputs.size() > maxInputs)) {
      throw new GraphException(
          "expected " + minInputs + " to " + maxInputs + " inputs, got " + inputs.size());
    }
    if (!inputs.isEmpty() && !types.contains(inputs.get(0).type())) {
      throw new GraphException("no kernel for " + inputs.get(0).type() + ", only for " + types);
    }
    for (String name : given.keySet()) {
      if (!attributes.contains(name)) {
        throw new GraphException("unknown attribute '" + name + "', known are " + attributes);
      }
    }
    if (bodies.isEmpty() == (this == LOOP || this == IF)) {
      throw new GraphException("sub-graphs belong to Loop and If, and only there");
    }
  }

  /** Named sets of element types, so that the table stays narrow. */
  private static final class Types {
    static final Set<ElementType> SINGLE = EnumSet.of(FLOAT32);
    static final Set<ElementType> REAL = EnumSet.of(FLOAT32, FLOAT64);
    static final Set<ElementType> NUMBER = EnumSet.of(FLOAT32, FLOAT64, INT32, INT64);
    static final Set<ElementType> CODED = EnumSet.of(FLOAT32, FLOAT64, INT32, INT64, BOOL);
    static final Set<ElementType> COUNT = EnumSet.of(INT64);
    static final Set<ElementType> TRUTH = EnumSet.of(BOOL);
    static final Set<ElementType> TEXT = EnumSet.of(ElementType.STRING);
    static final Set<ElementType> ALL = EnumSet.allOf(ElementType.class);
  }
}
