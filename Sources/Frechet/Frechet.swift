@_exported import Checking
@_exported import Differentiation
@_exported import Emission
@_exported import Evaluation
@_exported import ExpressionCore
@_exported import ExpressionLanguage
@_exported import Rewriting
@_exported import Verification
