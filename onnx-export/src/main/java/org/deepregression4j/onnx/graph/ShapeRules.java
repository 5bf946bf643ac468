package org.deepregression4j.onnx.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.deepregression4j.onnx.graph.Node.Signature;

/** The shape rules of {@link Op}: types and shapes of a node's outputs from its inputs. */
final class ShapeRules {
  private ShapeRules() {}

  private static List<Signature> one(ElementType type, Shape shape) {
    return List.of(new Signature(type, shape));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new GraphException(message);
    }
  }

  /** The shape that the builder states in {@code _dims}, for what is known only at run time. */
  static Shape stated(Node node) {
    if (!(node.attributes().get("_dims") instanceof Attribute.Texts dims)) {
      throw new GraphException("the output's shape must be stated in '_dims'");
    }
    return parse(dims.values());
  }

  private static Shape parse(List<String> dims) {
    List<Dim> out = new ArrayList<>();
    for (String dim : dims) {
      boolean isSize = dim.chars().allMatch(Character::isDigit);
      out.add(isSize ? Dim.of(Long.parseLong(dim)) : Dim.of(dim));
    }
    return new Shape(out);
  }

  private static boolean isStated(Node node) {
    return node.attributes().containsKey("_dims");
  }

  static List<Signature> declared(Node node) {
    return one(ElementType.valueOf(node.textAttribute("_type", "")), stated(node));
  }

  static List<Signature> constant(Node node) {
    Constant value = node.tensorAttribute("value");
    return one(value.type(), value.shape());
  }

  static List<Signature> same(Node node) {
    return one(node.input(0).type(), node.input(0).shape());
  }

  static List<Signature> sameBool(Node node) {
    return one(ElementType.BOOL, node.input(0).shape());
  }

  static List<Signature> cast(Node node) {
    long code = node.intAttribute("to", -1);
    for (ElementType type : ElementType.values()) {
      if (type.onnxCode() == code) {
        return one(type, node.input(0).shape());
      }
    }
    throw new GraphException("no element type has code " + code);
  }

  private static Shape broadcastShape(Node node) {
    Value a = node.input(0);
    Value b = node.input(1);
    require(a.type() == b.type(), "types " + a.type() + " and " + b.type() + " differ");
    return Shape.broadcast(a.shape(), b.shape());
  }

  static List<Signature> broadcast(Node node) {
    return one(node.input(0).type(), broadcastShape(node));
  }

  static List<Signature> broadcastBool(Node node) {
    return one(ElementType.BOOL, broadcastShape(node));
  }

  static List<Signature> where(Node node) {
    Value a = node.input(1);
    Value b = node.input(2);
    require(a.type() == b.type(), "types " + a.type() + " and " + b.type() + " differ");
    Shape values = Shape.broadcast(a.shape(), b.shape());
    return one(a.type(), Shape.broadcast(node.input(0).shape(), values));
  }

  static List<Signature> reduce(Node node) {
    Shape shape = node.input(0).shape();
    boolean keep = node.intAttribute("keepdims", 1) == 1;
    List<Integer> axes = new ArrayList<>();
    for (long axis : node.constantInput(1).toLongs()) {
      axes.add(shape.axis((int) axis));
    }
    Collections.sort(axes, Collections.reverseOrder());
    for (int axis : axes) {
      shape = keep ? shape.with(axis, Dim.of(1)) : shape.without(axis);
    }
    return one(node.input(0).type(), shape);
  }

  static List<Signature> matMul(Node node) {
    Shape a = node.input(0).shape();
    Shape b = node.input(1).shape();
    require(a.rank() >= 2 && b.rank() >= 2, "expected matrices, got " + a + " and " + b);
    require(a.dim(-1).equals(b.dim(-2)), a + " and " + b + " do not multiply");
    Shape outer = Shape.broadcast(a.without(-1).without(-1), b.without(-1).without(-1));
    List<Dim> dims = new ArrayList<>(outer.dims());
    dims.add(a.dim(-2));
    dims.add(b.dim(-1));
    return one(node.input(0).type(), new Shape(dims));
  }

  static List<Signature> gemm(Node node) {
    Shape a = node.input(0).shape();
    Shape b = node.input(1).shape();
    require(a.rank() == 2 && b.rank() == 2, "expected matrices, got " + a + " and " + b);
    int ta = (int) node.intAttribute("transA", 0);
    int tb = (int) node.intAttribute("transB", 0);
    require(a.dim(1 - ta).equals(b.dim(tb)), a + " and " + b + " do not multiply");
    Shape out = new Shape(List.of(a.dim(ta), b.dim(1 - tb)));
    if (node.inputs().size() == 3) {
      Shape c = node.input(2).shape();
      require(Shape.broadcast(out, c).equals(out), "bias " + c + " does not fit " + out);
    }
    return one(node.input(0).type(), out);
  }

  static List<Signature> reshape(Node node) {
    ElementType type = node.input(0).type();
    if (isStated(node)) {
      return one(type, stated(node));
    }
    Shape from = node.input(0).shape();
    long[] sizes = node.constantInput(1).toLongs();
    List<Dim> rest = new ArrayList<>(from.dims());
    List<Dim> out = new ArrayList<>();
    int open = -1;
    for (int i = 0; i < sizes.length; i++) {
      Dim dim = sizes[i] == 0 && from.rank() > i ? from.dim(i) : Dim.of(Math.max(sizes[i], 0));
      open = sizes[i] < 0 ? i : open;
      out.add(dim);
      if (sizes[i] >= 0 && !rest.remove(dim)) {
        rest.add(0, Dim.of(0)); // marks that only the element count can tell
      }
    }
    if (open >= 0) {
      out.set(open, openDim(from, out, open, rest));
    }
    Shape shape = new Shape(out);
    require(
        !from.isFixed() || !shape.isFixed() || from.size() == shape.size(),
        "cannot reshape " + from + " to " + shape);
    return one(type, shape);
  }

  private static Dim openDim(Shape from, List<Dim> out, int open, List<Dim> rest) {
    List<Dim> left = rest.stream().filter(d -> !d.isOne()).toList();
    if (left.size() == 1 && left.get(0).size() != 0) {
      return left.get(0);
    }
    List<Dim> known = new ArrayList<>(out);
    known.remove(open);
    List<Dim> remaining = new ArrayList<>(from.dims());
    for (Dim dim : known) {
      if (!dim.isFixed()) {
        require(remaining.remove(dim), "the size of a reshaped dimension must be stated");
      }
    }
    List<Dim> symbols = remaining.stream().filter(d -> !d.isFixed()).toList();
    long total = product(remaining.stream().filter(Dim::isFixed).toList());
    long fixed = product(known.stream().filter(Dim::isFixed).toList());
    if (symbols.size() == 1 && total == fixed) {
      return symbols.get(0);
    }
    require(symbols.isEmpty(), "the size of " + from + " is known only when the graph runs");
    require(fixed > 0 && total % fixed == 0, "cannot reshape " + from + " with " + known);
    return Dim.of(total / fixed);
  }

  private static long product(List<Dim> dims) {
    return new Shape(dims).size();
  }

  static List<Signature> transpose(Node node) {
    Shape from = node.input(0).shape();
    List<Dim> out = new ArrayList<>();
    node.intsAttribute("perm").forEach(axis -> out.add(from.dim(axis.intValue())));
    require(out.size() == from.rank(), "perm must name every axis of " + from);
    return one(node.input(0).type(), new Shape(out));
  }

  static List<Signature> expand(Node node) {
    Shape to = isStated(node) ? stated(node) : Shape.of(node.constantInput(1).toLongs());
    return one(node.input(0).type(), Shape.broadcast(node.input(0).shape(), to));
  }

  static List<Signature> unsqueeze(Node node) {
    long[] axes = node.constantInput(1).toLongs();
    Shape from = node.input(0).shape();
    int rank = from.rank() + axes.length;
    List<Dim> out = new ArrayList<>(Collections.nCopies(rank, Dim.of(0)));
    for (long axis : axes) {
      out.set((int) (axis < 0 ? axis + rank : axis), Dim.of(1));
    }
    int next = 0;
    for (int i = 0; i < rank; i++) {
      if (!out.get(i).isOne()) {
        out.set(i, from.dim(next++));
      }
    }
    return one(node.input(0).type(), new Shape(out));
  }

  static List<Signature> squeeze(Node node) {
    Shape shape = node.input(0).shape();
    List<Integer> axes = new ArrayList<>();
    for (long axis : node.constantInput(1).toLongs()) {
      axes.add(shape.axis((int) axis));
    }
    Collections.sort(axes, Collections.reverseOrder());
    for (int axis : axes) {
      require(shape.dim(axis).isOne(), "axis " + axis + " of " + shape + " is not one");
      shape = shape.without(axis);
    }
    return one(node.input(0).type(), shape);
  }

  static List<Signature> concat(Node node) {
    Shape first = node.input(0).shape();
    int axis = first.axis((int) node.intAttribute("axis", 0));
    long fixed = 0;
    List<String> symbols = new ArrayList<>();
    for (Value value : node.inputs()) {
      Shape shape = value.shape();
      require(
          value.type() == node.input(0).type()
              && shape.rank() == first.rank()
              && shape.without(axis).equals(first.without(axis)),
          "inputs of different type or shape");
      if (shape.dim(axis).isFixed()) {
        fixed += shape.dim(axis).size();
      } else {
        symbols.add(shape.dim(axis).symbol());
      }
    }
    Dim dim = Dim.of(fixed);
    if (!symbols.isEmpty()) {
      dim = Dim.of(String.join("+", symbols) + (fixed == 0 ? "" : "+" + fixed));
    }
    return one(node.input(0).type(), first.with(axis, dim));
  }

  static List<Signature> split(Node node) {
    Shape from = node.input(0).shape();
    int axis = from.axis((int) node.intAttribute("axis", 0));
    List<Signature> out = new ArrayList<>();
    long total = 0;
    for (long size : node.constantInput(1).toLongs()) {
      total += size;
      out.add(new Signature(node.input(0).type(), from.with(axis, Dim.of(size))));
    }
    require(from.dim(axis).equals(Dim.of(total)), "pieces add to " + total + ", not to " + from);
    return out;
  }

  static List<Signature> slice(Node node) {
    ElementType type = node.input(0).type();
    if (isStated(node)) {
      return one(type, stated(node));
    }
    Shape shape = node.input(0).shape();
    long[] starts = node.constantInput(1).toLongs();
    long[] ends = node.constantInput(2).toLongs();
    long[] axes = node.constantInput(3).toLongs();
    for (int i = 0; i < axes.length; i++) {
      long step = node.inputs().size() == 5 ? node.constantInput(4).toLongs()[i] : 1;
      require(step > 0, "steps must be positive");
      Dim dim = shape.dim((int) axes[i]);
      require(dim.isFixed(), "slicing a symbolic dimension needs a stated shape");
      long start = clamp(starts[i], dim.size());
      long end = clamp(ends[i], dim.size());
      long length = Math.max(0, (end - start + step - 1) / step);
      shape = shape.with((int) axes[i], Dim.of(length));
    }
    return one(type, shape);
  }

  private static long clamp(long at, long size) {
    return Math.min(Math.max(at < 0 ? at + size : at, 0), size);
  }

  static List<Signature> gather(Node node) {
    Shape from = node.input(0).shape();
    int axis = from.axis((int) node.intAttribute("axis", 0));
    List<Dim> out = new ArrayList<>(from.dims().subList(0, axis));
    out.addAll(node.input(1).shape().dims());
    out.addAll(from.dims().subList(axis + 1, from.rank()));
    return one(node.input(0).type(), new Shape(out));
  }

  static List<Signature> gatherElements(Node node) {
    return one(node.input(0).type(), node.input(1).shape());
  }

  static List<Signature> gatherNd(Node node) {
    Shape from = node.input(0).shape();
    Shape at = node.input(1).shape();
    require(at.dim(-1).isFixed(), "the last dimension of the indices must be fixed, got " + at);
    List<Dim> out = new ArrayList<>(at.dims().subList(0, at.rank() - 1));
    out.addAll(from.dims().subList((int) at.dim(-1).size(), from.rank()));
    return one(node.input(0).type(), new Shape(out));
  }

  static List<Signature> shape(Node node) {
    return one(ElementType.INT64, Shape.of(node.input(0).shape().rank()));
  }

  static List<Signature> size(Node node) {
    return one(ElementType.INT64, Shape.SCALAR);
  }

  static List<Signature> range(Node node) {
    return one(node.input(0).type(), stated(node));
  }

  static List<Signature> pad(Node node) {
    if (isStated(node)) {
      return one(node.input(0).type(), stated(node));
    }
    Shape shape = node.input(0).shape();
    long[] pads = node.constantInput(1).toLongs();
    for (int axis = 0; axis < shape.rank(); axis++) {
      long added = pads[axis] + pads[axis + shape.rank()];
      if (added != 0) {
        require(shape.dim(axis).isFixed(), "padding a symbolic dimension needs a stated shape");
        shape = shape.with(axis, Dim.of(shape.dim(axis).size() + added));
      }
    }
    return one(node.input(0).type(), shape);
  }

  static List<Signature> labels(Node node) {
    return one(ElementType.INT64, node.input(0).shape());
  }

  static List<Signature> loop(Node node) {
    Graph body = node.body("body");
    int carried = node.inputs().size() - 2;
    List<Value> in = List.copyOf(body.inputs().values());
    List<Value> out = List.copyOf(body.outputs().values());
    require(in.size() == carried + 2, "body takes " + in.size() + " inputs for " + carried);
    require(out.size() >= carried + 1, "body gives too few outputs");
    List<Signature> outputs = new ArrayList<>();
    for (int i = 0; i < carried; i++) {
      Value initial = node.input(i + 2);
      Value next = out.get(i + 1);
      require(
          initial.type() == next.type() && initial.shape().equals(next.shape()),
          "carried value " + i + " starts as " + initial + " and goes on as " + next);
      outputs.add(new Signature(next.type(), next.shape()));
    }
    for (Value scanned : out.subList(carried + 1, out.size())) {
      Shape shape = scanned.shape().prepend(Dim.of("iterations"));
      outputs.add(new Signature(scanned.type(), shape));
    }
    return outputs;
  }

  static List<Signature> branch(Node node) {
    Graph yes = node.body("then_branch");
    Graph no = node.body("else_branch");
    List<Signature> outputs = new ArrayList<>();
    List<Value> a = List.copyOf(yes.outputs().values());
    List<Value> b = List.copyOf(no.outputs().values());
    require(a.size() == b.size(), "branches give different numbers of outputs");
    for (int i = 0; i < a.size(); i++) {
      Value x = a.get(i);
      Value y = b.get(i);
      require(x.type() == y.type() && x.shape().equals(y.shape()), x + " is not like " + y);
      outputs.add(new Signature(x.type(), x.shape()));
    }
    return outputs;
  }
}
