package org.deepregression4j.onnx.graph;

import java.util.List;

/** An attribute of a node; sub-graphs are kept apart, as {@link Node#bodies()}. */
public sealed interface Attribute {
  /** An integer. */
  record Int(long value) implements Attribute {}

  /** A list of integers. */
  record Ints(List<Long> values) implements Attribute {
    /** Copies the list. */
    public Ints {
      values = List.copyOf(values);
    }
  }

  /** A float; ONNX has no double attribute. */
  record Real(float value) implements Attribute {}

  /** A string. */
  record Text(String value) implements Attribute {}

  /** A list of strings. */
  record Texts(List<String> values) implements Attribute {
    /** Copies the list. */
    public Texts {
      values = List.copyOf(values);
    }
  }

  /** A tensor. */
  record Tensor(Constant value) implements Attribute {}

  /** What only programs that build graphs know how to read; see {@link Op#isAnnotation}. */
  record Note(Object value) implements Attribute {}
}
