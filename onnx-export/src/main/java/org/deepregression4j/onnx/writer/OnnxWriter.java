package org.deepregression4j.onnx.writer;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.Constant;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.GraphVerifier;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Value;

/** Writes one graph as an ONNX model. Constants become initializers of the outermost graph. */
public final class OnnxWriter {
  private static final long IR_VERSION = 9;
  private static final long OPSET = 18;
  private static final long ML_OPSET = 3;

  private final Map<Value, String> names = new IdentityHashMap<>();
  private final Map<String, Constant> initializers = new LinkedHashMap<>();
  // Names that users chose (columns) must not meet the generated ones.
  private final Set<String> taken = new HashSet<>();
  private int counter;

  private OnnxWriter() {}

  /**
   * The model's bytes; equal graphs give equal bytes.
   *
   * @throws org.deepregression4j.onnx.graph.GraphException when the graph does not verify
   */
  public static byte[] toBytes(Graph graph) {
    GraphVerifier.verify(graph);
    return new OnnxWriter().model(graph).toByteArray();
  }

  private OnnxMl.ModelProto model(Graph graph) {
    taken.addAll(graph.inputs().keySet());
    taken.addAll(graph.outputs().keySet());
    OnnxMl.GraphProto.Builder main = graph(graph, false).toBuilder();
    initializers.forEach((name, value) -> main.addInitializer(tensor(name, value)));
    OnnxMl.ModelProto.Builder model =
        OnnxMl.ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("deepregression4j")
            .setGraph(main)
            .addOpsetImport(opset("", OPSET))
            .addOpsetImport(opset("ai.onnx.ml", ML_OPSET));
    graph.metadata().forEach((key, value) -> model.addMetadataProps(entry(key, value)));
    return model.build();
  }

  private static OnnxMl.StringStringEntryProto entry(String key, String value) {
    return OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private static OnnxMl.OperatorSetIdProto opset(String domain, long version) {
    return OnnxMl.OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
  }

  private OnnxMl.GraphProto graph(Graph graph, boolean isBody) {
    OnnxMl.GraphProto.Builder out = OnnxMl.GraphProto.newBuilder().setName(graph.name());
    Set<Value> own = Collections.newSetFromMap(new IdentityHashMap<>());
    graph
        .inputs()
        .forEach(
            (name, value) -> {
              names.put(value, name);
              out.addInput(info(name, value));
            });
    for (Node node : graph.nodes()) {
      if (node.op() != Op.CONSTANT) {
        own.addAll(node.outputs());
      }
    }
    Map<Value, String> chosen = new IdentityHashMap<>();
    graph
        .outputs()
        .forEach(
            (name, value) -> {
              if (own.contains(value)) {
                chosen.putIfAbsent(value, name);
              }
            });
    names.putAll(chosen);
    Map<Value, String> passed = isBody ? passed(graph) : Map.of();
    graph.nodes().stream().filter(n -> n.op() != Op.CONSTANT).forEach(n -> out.addNode(node(n)));
    graph
        .outputs()
        .forEach(
            (name, value) -> {
              // ONNX wants an output to be made by a node of its own graph, and only once.
              boolean isPassed = name.equals(passed.get(value));
              if (!isPassed && !name.equals(chosen.get(value))) {
                out.addNode(identity(name(value), name));
              }
              out.addOutput(info(isPassed ? name(value) : name, value));
            });
    return out.build();
  }

  /** The inputs that a body hands on as they are, each by the first output that it becomes. */
  private static Map<Value, String> passed(Graph body) {
    Map<Value, String> out = new IdentityHashMap<>();
    body.outputs()
        .forEach(
            (name, value) -> {
              if (body.inputs().containsValue(value)) {
                out.putIfAbsent(value, name);
              }
            });
    return out;
  }

  private static OnnxMl.NodeProto identity(String from, String to) {
    return OnnxMl.NodeProto.newBuilder()
        .setOpType("Identity")
        .setName("as_" + to)
        .addInput(from)
        .addOutput(to)
        .build();
  }

  private String name(Value value) {
    String known = names.get(value);
    if (known != null) {
      return known;
    }
    String stem = value.node().op().onnxName().toLowerCase(Locale.ROOT) + "_";
    String name = stem + counter++;
    while (taken.contains(name)) {
      name = stem + counter++;
    }
    names.put(value, name);
    if (value.isConstant()) {
      initializers.put(name, value.node().tensorAttribute("value"));
    }
    return name;
  }

  private OnnxMl.NodeProto node(Node node) {
    OnnxMl.NodeProto.Builder out =
        OnnxMl.NodeProto.newBuilder()
            .setOpType(node.op().onnxName())
            .setDomain(node.op().domain())
            .setName("n" + counter++);
    int inputs = node.op() == Op.IDENTITY ? 1 : node.inputs().size();
    for (int i = 0; i < inputs; i++) {
      // A Loop whose condition is always true runs faster without one.
      boolean isAlways = node.op() == Op.LOOP && i == 1 && node.input(1).isConstant();
      out.addInput(isAlways ? "" : name(node.input(i)));
    }
    node.attributes()
        .forEach(
            (name, value) -> {
              if (!Op.isAnnotation(name)) {
                out.addAttribute(attribute(name, value));
              }
            });
    node.bodies()
        .forEach(
            (name, body) ->
                out.addAttribute(
                    OnnxMl.AttributeProto.newBuilder()
                        .setName(name)
                        .setType(OnnxMl.AttributeProto.AttributeType.GRAPH)
                        .setG(graph(renamed(body), true))));
    node.outputs().forEach(value -> out.addOutput(name(value)));
    return out.build();
  }

  /** The body with names that are unique in the whole model, as nested scopes must not shadow. */
  private Graph renamed(Graph body) {
    String prefix = prefix(body.name());
    Map<String, Value> inputs = new LinkedHashMap<>();
    Map<String, Value> outputs = new LinkedHashMap<>();
    body.inputs().forEach((name, value) -> inputs.put(prefix + name, value));
    body.outputs().forEach((name, value) -> outputs.put(prefix + "next_" + name, value));
    return Graph.body(body.name(), inputs, outputs);
  }

  private String prefix(String body) {
    String prefix = body + "_" + counter++ + "_";
    return taken.stream().anyMatch(name -> name.startsWith(prefix)) ? prefix(body) : prefix;
  }

  private static OnnxMl.AttributeProto attribute(String name, Attribute value) {
    OnnxMl.AttributeProto.Builder out = OnnxMl.AttributeProto.newBuilder().setName(name);
    if (value instanceof Attribute.Int a) {
      out.setType(OnnxMl.AttributeProto.AttributeType.INT).setI(a.value());
    } else if (value instanceof Attribute.Ints a) {
      out.setType(OnnxMl.AttributeProto.AttributeType.INTS).addAllInts(a.values());
    } else if (value instanceof Attribute.Real a) {
      out.setType(OnnxMl.AttributeProto.AttributeType.FLOAT).setF(a.value());
    } else if (value instanceof Attribute.Text a) {
      out.setType(OnnxMl.AttributeProto.AttributeType.STRING)
          .setS(ByteString.copyFromUtf8(a.value()));
    } else if (value instanceof Attribute.Texts a) {
      out.setType(OnnxMl.AttributeProto.AttributeType.STRINGS);
      a.values().forEach(s -> out.addStrings(ByteString.copyFromUtf8(s)));
    } else if (value instanceof Attribute.Tensor a) {
      out.setType(OnnxMl.AttributeProto.AttributeType.TENSOR).setT(tensor("", a.value()));
    }
    return out.build();
  }

  private static OnnxMl.TensorProto tensor(String name, Constant value) {
    OnnxMl.TensorProto.Builder out =
        OnnxMl.TensorProto.newBuilder().setName(name).setDataType(value.type().onnxCode());
    for (long size : value.shape().sizes()) {
      out.addDims(size);
    }
    if (value.type() == ElementType.STRING) {
      value.toUtf8().forEach(s -> out.addStringData(ByteString.copyFrom(s)));
    } else {
      out.setRawData(ByteString.copyFrom(value.toBytes()));
    }
    return out.build();
  }

  private static OnnxMl.ValueInfoProto info(String name, Value value) {
    OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
    List<Dim> dims = value.shape().dims();
    for (Dim dim : dims) {
      OnnxMl.TensorShapeProto.Dimension.Builder d = OnnxMl.TensorShapeProto.Dimension.newBuilder();
      shape.addDim(dim.isFixed() ? d.setDimValue(dim.size()) : d.setDimParam(dim.symbol()));
    }
    OnnxMl.TypeProto.Tensor.Builder tensor =
        OnnxMl.TypeProto.Tensor.newBuilder().setElemType(value.type().onnxCode()).setShape(shape);
    return OnnxMl.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(OnnxMl.TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
