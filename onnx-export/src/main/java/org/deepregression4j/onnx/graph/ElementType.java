package org.deepregression4j.onnx.graph;

/** The element types of ONNX tensors that the project uses, with their wire code and size. */
public enum ElementType {
  FLOAT32(1, 4),
  INT32(6, 4),
  INT64(7, 8),
  STRING(8, 0),
  BOOL(9, 1),
  FLOAT64(11, 8);

  private final int onnxCode;
  private final int bytes;

  ElementType(int onnxCode, int bytes) {
    this.onnxCode = onnxCode;
    this.bytes = bytes;
  }

  /** The value of {@code TensorProto.DataType}. */
  public int onnxCode() {
    return onnxCode;
  }

  /** Bytes of one element; 0 for strings, which have no fixed size. */
  public int bytes() {
    return bytes;
  }

  /** True for the two floating point types. */
  public boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64;
  }
}
