import TapeSupport

/// The terms of hand-made tapes; the engine has a type of this name as well.
typealias Term = TapeSupport.Term
