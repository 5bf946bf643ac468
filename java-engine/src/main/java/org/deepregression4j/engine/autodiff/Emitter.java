package org.deepregression4j.engine.autodiff;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.Constant;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.GraphException;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * Makes nodes of one gradient graph, each only once: a node that the forward pass or an earlier
 * rule already has is used again. Mutable while one call of {@link Gradients} runs.
 */
final class Emitter {
  private static final long LARGEST_SHARED_CONSTANT = 1024;

  private final Map<Object, Node> known = new HashMap<>();
  private final Set<Node> own = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<String, Value> witnesses = new HashMap<>();

  private record Key(Op op, List<Value> inputs, Map<String, Attribute> attributes) {}

  private record Literal(ElementType type, Shape shape, ByteBuffer bytes) {}

  /** Starts from the nodes of the forward pass, each after what it needs. */
  Emitter(List<Node> forward) {
    for (Node node : forward) {
      node.outputs().forEach(this::witness);
      if (isShareable(node)) {
        known.putIfAbsent(key(node), node);
      }
    }
  }

  /** Remembers a value whose size tells that of its only symbolic dimension. */
  private void witness(Value value) {
    List<Dim> open = value.shape().dims().stream().filter(d -> !d.isFixed()).toList();
    boolean isEmpty = value.shape().dims().stream().anyMatch(d -> d.size() == 0);
    if (open.size() == 1 && !isEmpty) {
      witnesses.putIfAbsent(open.get(0).symbol(), value);
    }
  }

  private static boolean isShareable(Node node) {
    if (node.op() == Op.CONSTANT) {
      Constant value = node.tensorAttribute("value");
      return value.type() != ElementType.STRING && value.shape().size() <= LARGEST_SHARED_CONSTANT;
    }
    return node.op() != Op.IN
        && node.op() != Op.RANDOM_UNIFORM_LIKE
        && node.bodies().isEmpty()
        && node.outputs().stream().noneMatch(v -> v.type() == ElementType.STRING);
  }

  private Object key(Node node) {
    if (node.op() == Op.CONSTANT) {
      Constant value = node.tensorAttribute("value");
      return new Literal(value.type(), value.shape(), ByteBuffer.wrap(value.toBytes()));
    }
    return new Key(node.op(), canonical(node.inputs()), node.attributes());
  }

  private List<Value> canonical(List<Value> inputs) {
    return inputs.stream().map(v -> v.isConstant() ? keep(v) : v).toList();
  }

  /** The value itself, or one that is computed already and always equals it. */
  Value keep(Value fresh) {
    Node node = fresh.node();
    if (!isShareable(node) || own.contains(node)) {
      return fresh;
    }
    Value regrouped = node.op() == Op.MUL && find(node) == null ? regrouped(node) : null;
    return regrouped == null ? shared(fresh) : regrouped;
  }

  /** The value itself, or an equal one of the first node of its kind. */
  Value shared(Value fresh) {
    if (!isShareable(fresh.node())) {
      return fresh;
    }
    Node same = find(fresh.node());
    if (same == null) {
      own.add(fresh.node());
      known.put(key(fresh.node()), fresh.node());
      return fresh;
    }
    return same.outputs().get(fresh.index());
  }

  /** (u v) w as u (v w) where v w is there already; then u v may turn out not to be needed. */
  private @org.jspecify.annotations.Nullable Value regrouped(Node node) {
    for (int i = 0; i < 2; i++) {
      Node product = node.input(i).node();
      Value by = node.input(1 - i);
      for (int k = 0; product.op() == Op.MUL && k < 2; k++) {
        Node inner = find(Ops.mul(product.input(k), by).node());
        if (inner != null && inner != product) {
          return shared(Ops.mul(product.input(1 - k), inner.output()));
        }
      }
    }
    return null;
  }

  private @org.jspecify.annotations.Nullable Node find(Node node) {
    Object key = key(node);
    Node same = known.get(key);
    boolean commutes = node.op() == Op.ADD || node.op() == Op.MUL;
    if (same == null && commutes && key instanceof Key k) {
      List<Value> swapped = List.of(k.inputs().get(1), k.inputs().get(0));
      same = known.get(new Key(k.op(), swapped, k.attributes()));
    }
    return same;
  }

  /** A number as a scalar. */
  Value scalar(ElementType type, double number) {
    return keep(Ops.scalar(type, number));
  }

  /** True when this gradient graph made the node, so that another form may take its place. */
  private boolean isOwn(Value value, Op op) {
    return value.node().op() == op && own.contains(value.node());
  }

  /** The number that a constant holds in every element, or NaN. */
  static double uniform(Value value) {
    if (!value.isConstant() || !value.type().isFloat()) {
      return Double.NaN;
    }
    Constant constant = value.node().tensorAttribute("value");
    if (constant.shape().size() == 0 || constant.shape().size() > LARGEST_SHARED_CONSTANT) {
      return Double.NaN;
    }
    double[] numbers = constant.toDoubles();
    for (double number : numbers) {
      if (number != numbers[0]) {
        return Double.NaN;
      }
    }
    return numbers[0];
  }

  /** factor · scale · value for a scalar scale. */
  Value scale(Value value, Value scale, double factor) {
    double number = uniform(value);
    if (!Double.isNaN(number) && value.shape().rank() == 0) {
      return scale(scale, number * factor);
    }
    if (!isFolding(value, factor)) {
      return keep(Ops.mul(value, scale(scale, factor)));
    }
    Value whole = scale(value, factor);
    return isOwn(scale, Op.RECIPROCAL)
        ? keep(Ops.div(whole, scale.node().input(0)))
        : keep(Ops.mul(whole, scale));
  }

  /** A scale times a number of rows; dividing by the same number before it cancels. */
  Value timesCount(Value scale, Value count) {
    if (uniform(scale) == 1) {
      return count;
    }
    boolean isInverse = isOwn(scale, Op.RECIPROCAL) && scale.node().input(0) == count;
    return isInverse ? scalar(scale.type(), 1) : keep(Ops.mul(scale, count));
  }

  /** True when multiplying by the factor costs no node. */
  boolean isFolding(Value value, double factor) {
    Value product = isOwn(value, Op.RESHAPE) ? value.node().input(0) : value;
    // The attribute alpha is a float, so only what a float holds exactly may move there.
    boolean isAlpha =
        isOwn(product, Op.GEMM)
            && product.node().inputs().size() == 2
            && !product.node().attributes().containsKey("alpha")
            && (float) factor == factor;
    return factor == 1 || isAlpha || (factor == -1 && isOwn(value, Op.SUB));
  }

  /** factor · value, in the form that needs the fewest nodes. */
  Value scale(Value value, double factor) {
    double number = uniform(value);
    if (factor == 1) {
      return value;
    }
    if (!Double.isNaN(number) && value.shape().rank() == 0) {
      return scalar(value.type(), number * factor);
    }
    if (isOwn(value, Op.GEMM) && isFolding(value, factor)) {
      return scaledProduct(value.node(), factor);
    }
    if (isOwn(value, Op.RESHAPE) && isFolding(value, factor)) {
      Value product = scaledProduct(value.node().input(0).node(), factor);
      List<Value> inputs = List.of(product, value.node().input(1));
      return keep(Ops.node(Op.RESHAPE, inputs, value.node().attributes()));
    }
    if (isOwn(value, Op.RECIPROCAL)) {
      return keep(Ops.div(scalar(value.type(), factor), value.node().input(0)));
    }
    if (factor == -1) {
      return negate(value);
    }
    return keep(Ops.mul(value, scalar(value.type(), factor)));
  }

  private Value scaledProduct(Node product, double factor) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(product.attributes());
    attributes.put("alpha", new Attribute.Real((float) factor));
    return keep(Ops.node(Op.GEMM, product.inputs(), attributes));
  }

  /** True for what this gradient graph subtracted from something, or a constant from it. */
  boolean isDifference(Value value) {
    return isOwn(value, Op.SUB)
        || (isOwn(value, Op.ADD) && !Double.isNaN(uniform(value.node().input(1))));
  }

  /** -value, at no cost for a difference. */
  Value negate(Value value) {
    Node node = value.node();
    if (node.op() == Op.NEG) {
      return node.input(0);
    }
    if (isOwn(value, Op.ADD) && isDifference(value)) {
      Value constant = node.input(1);
      return keep(Ops.sub(scale(constant, -1), node.input(0)));
    }
    return isOwn(value, Op.SUB)
        ? keep(Ops.sub(node.input(1), node.input(0)))
        : keep(Ops.neg(value));
  }

  /**
   * The size of a symbolic dimension as a scalar times a factor.
   *
   * @throws GraphException when no value of the forward pass tells it
   */
  Adjoint count(ElementType type, Dim dim) {
    Value witness = witnesses.get(dim.symbol());
    if (witness == null) {
      throw new GraphException("no value of the graph tells the size of '" + dim.symbol() + "'");
    }
    long others = 1;
    for (Dim other : witness.shape().dims()) {
      others *= other.isFixed() ? other.size() : 1;
    }
    Value size = keep(Ops.cast(keep(Ops.apply(Op.SIZE, witness)), type));
    return new Adjoint(this, size, 1.0 / others);
  }
}
