#include "CKernels.h"

const char *fk_unary_name(FKUnary operation) {
  switch (operation) {
  case FKUnaryCopy: return "copy";
  case FKUnaryNegate: return "negate";
  case FKUnaryAbs: return "abs";
  case FKUnarySign: return "sign";
  case FKUnaryStep: return "step";
  case FKUnaryRelu: return "relu";
  case FKUnarySquare: return "square";
  case FKUnaryCube: return "cube";
  case FKUnaryReciprocal: return "reciprocal";
  case FKUnarySqrt: return "sqrt";
  case FKUnaryFiniteOrZero: return "finiteOrZero";
  case FKUnaryExp: return "exp";
  case FKUnaryExpm1: return "expm1";
  case FKUnaryLog: return "log";
  case FKUnaryLog1p: return "log1p";
  case FKUnaryTanh: return "tanh";
  case FKUnarySigmoid: return "sigmoid";
  case FKUnarySoftplus: return "softplus";
  case FKUnaryElu: return "elu";
  case FKUnarySin: return "sin";
  case FKUnaryCos: return "cos";
  case FKUnaryErf: return "erf";
  case FKUnaryLog2: return "log2";
  case FKUnaryLog10: return "log10";
  case FKUnaryTan: return "tan";
  case FKUnaryAsin: return "asin";
  case FKUnaryAcos: return "acos";
  case FKUnaryAtan: return "atan";
  case FKUnarySinh: return "sinh";
  case FKUnaryCosh: return "cosh";
  case FKUnaryErfc: return "erfc";
  default: return "?";
  }
}

const char *fk_binary_name(FKBinary operation) {
  switch (operation) {
  case FKBinaryAdd: return "+";
  case FKBinarySubtract: return "-";
  case FKBinaryMultiply: return "*";
  case FKBinaryDivide: return "/";
  case FKBinaryMax: return "max";
  case FKBinaryMin: return "min";
  case FKBinaryLeakyRelu: return "leakyRelu";
  case FKBinaryPower: return "^";
  default: return "?";
  }
}

const char *fk_reduction_name(FKReduction operation) {
  switch (operation) {
  case FKReductionSum: return "sum";
  case FKReductionProduct: return "product";
  case FKReductionMax: return "max";
  case FKReductionMin: return "min";
  case FKReductionDot: return "dot";
  default: return "?";
  }
}
