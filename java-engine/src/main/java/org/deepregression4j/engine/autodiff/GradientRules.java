package org.deepregression4j.engine.autodiff;

import static org.deepregression4j.engine.autodiff.GradientRule.Kind.BROADCAST;
import static org.deepregression4j.engine.autodiff.GradientRule.Kind.REFUSED;
import static org.deepregression4j.engine.autodiff.GradientRule.Kind.SHAPED;
import static org.deepregression4j.engine.autodiff.GradientRule.Kind.ZERO;

import java.util.EnumMap;
import java.util.Map;
import org.deepregression4j.onnx.graph.GraphException;
import org.deepregression4j.onnx.graph.Op;

/** The table of local gradients: one row for every operator of {@link Op}. */
final class GradientRules {
  private static final Map<Op, GradientRule> ROWS = new EnumMap<>(Op.class);

  private GradientRules() {}

  static {
    elementwise();
    matrices();
    layout();
    flat();
  }

  /** The row of an operator. */
  static GradientRule of(Op op) {
    GradientRule rule = ROWS.get(op);
    if (rule == null) {
      throw new GraphException(op.onnxName() + " has no row in the table of gradients");
    }
    return rule;
  }

  private static void row(Op op, GradientRule.Kind kind, GradientRule.Local local) {
    ROWS.put(op, new GradientRule(kind, local));
  }

  private static void rows(GradientRule.Kind kind, Op... ops) {
    for (Op op : ops) {
      row(op, kind, (s, i) -> s.none());
    }
  }

  private static void elementwise() {
    row(Op.NEG, SHAPED, (s, i) -> s.g().times(-1));
    row(Op.ABS, SHAPED, (s, i) -> s.g().times(s.apply(Op.SIGN, s.x())));
    row(Op.EXP, SHAPED, (s, i) -> s.g().times(s.y()));
    row(Op.LOG, SHAPED, (s, i) -> s.g().over(s.x()));
    row(Op.SQRT, SHAPED, (s, i) -> s.g().over(s.y()).times(0.5));
    row(Op.RECIPROCAL, SHAPED, (s, i) -> s.g().times(s.apply(Op.MUL, s.y(), s.y())).times(-1));
    row(Op.SIN, SHAPED, (s, i) -> s.g().times(ElementwiseRules.cos(s)));
    row(Op.COS, SHAPED, (s, i) -> s.g().times(s.apply(Op.SIN, s.x())).times(-1));
    row(Op.TANH, SHAPED, ElementwiseRules::tanh);
    row(Op.SIGMOID, SHAPED, ElementwiseRules::sigmoid);
    row(Op.RELU, SHAPED, ElementwiseRules::relu);
    row(Op.IDENTITY, SHAPED, Told::slope);
    row(Op.CAST, SHAPED, ElementwiseRules::cast);
    row(Op.ADD, BROADCAST, (s, i) -> s.g());
    row(Op.SUB, BROADCAST, (s, i) -> s.g().times(i == 0 ? 1 : -1));
    row(Op.MUL, BROADCAST, (s, i) -> s.g().times(s.input(1 - i)));
    row(Op.DIV, BROADCAST, ElementwiseRules::div);
    row(Op.POW, BROADCAST, ElementwiseRules::pow);
    row(Op.MOD, BROADCAST, ElementwiseRules::mod);
    row(Op.MAX, BROADCAST, (s, i) -> ElementwiseRules.pick(s, i, Op.GREATER_OR_EQUAL));
    row(Op.MIN, BROADCAST, (s, i) -> ElementwiseRules.pick(s, i, Op.LESS_OR_EQUAL));
    row(Op.WHERE, BROADCAST, (s, i) -> s.where(s.x(), i == 1));
  }

  private static void matrices() {
    row(Op.REDUCE_SUM, SHAPED, (s, i) -> ReductionRules.lifted(s, s.g()));
    row(Op.REDUCE_MEAN, SHAPED, ReductionRules::mean);
    row(Op.REDUCE_MAX, SHAPED, ReductionRules::extreme);
    row(Op.REDUCE_MIN, SHAPED, ReductionRules::extreme);
    row(Op.CUM_SUM, SHAPED, ReductionRules::cumSum);
    row(Op.SOFTMAX, SHAPED, ReductionRules::softmax);
    row(Op.LOG_SOFTMAX, SHAPED, ReductionRules::logSoftmax);
    row(Op.MAT_MUL, SHAPED, ProductRules::matMul);
    row(Op.GEMM, SHAPED, ProductRules::gemm);
  }

  private static void layout() {
    row(Op.RESHAPE, SHAPED, LayoutRules::reshape);
    row(Op.TRANSPOSE, SHAPED, LayoutRules::transpose);
    row(Op.EXPAND, BROADCAST, (s, i) -> s.g());
    row(Op.UNSQUEEZE, SHAPED, LayoutRules::unsqueeze);
    row(Op.SQUEEZE, SHAPED, LayoutRules::squeeze);
    row(Op.CONCAT, SHAPED, LayoutRules::concat);
    row(Op.SPLIT, SHAPED, LayoutRules::split);
    row(Op.SLICE, SHAPED, IndexRules::slice);
    row(Op.PAD, SHAPED, IndexRules::pad);
    row(Op.GATHER, SHAPED, IndexRules::gather);
    row(Op.GATHER_ELEMENTS, SHAPED, IndexRules::gatherElements);
    row(Op.GATHER_ND, SHAPED, IndexRules::gatherNd);
    row(Op.SCATTER_ND, SHAPED, IndexRules::scatterNd);
    row(Op.SCATTER_ELEMENTS, SHAPED, IndexRules::scatterElements);
  }

  private static void flat() {
    rows(ZERO, Op.IN, Op.CONSTANT, Op.SIGN, Op.FLOOR, Op.CEIL, Op.ROUND, Op.IS_NAN, Op.IS_INF);
    rows(ZERO, Op.NOT, Op.AND, Op.OR, Op.EQUAL, Op.LESS, Op.LESS_OR_EQUAL, Op.GREATER);
    rows(ZERO, Op.GREATER_OR_EQUAL, Op.SHAPE, Op.SIZE, Op.RANDOM_UNIFORM_LIKE, Op.LABEL_ENCODER);
    // Their gradient would need a second program that runs backwards; unroll instead.
    rows(REFUSED, Op.LOOP, Op.IF, Op.RANGE);
  }
}
