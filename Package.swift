// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "frechet",
  platforms: [.macOS(.v15)],
  products: [
    // MARK: - Public API
    .library(name: "Frechet", targets: ["Frechet"]),
    .library(name: "MatrixNotation", targets: ["MatrixNotation"]),
    .executable(name: "frechet", targets: ["FrechetCommand"]),

    // MARK: - For the tools in nested packages
    .library(name: "RandomExpressions", targets: ["RandomExpressions"]),
    .library(name: "EmittedPrograms", targets: ["EmittedPrograms"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // MARK: - The library, each part above the ones that it names
    .target(name: "ExpressionCore"),
    .target(name: "ExpressionLanguage", dependencies: ["ExpressionCore"]),
    .target(name: "Rewriting", dependencies: ["ExpressionCore", "ExpressionLanguage"]),
    .target(
      name: "Differentiation", dependencies: ["ExpressionCore", "ExpressionLanguage", "Rewriting"]),
    .target(
      name: "Curvature",
      dependencies: ["ExpressionCore", "ExpressionLanguage", "Rewriting", "Differentiation"]),
    .target(
      name: "Emission", dependencies: ["ExpressionCore", "ExpressionLanguage", "Differentiation"]),
    .target(
      name: "Planning", dependencies: ["ExpressionCore", "ExpressionLanguage", "Differentiation"]),
    .target(name: "CodeGeneration", dependencies: ["ExpressionCore", "Planning"]),
    .target(
      name: "Evaluation", dependencies: ["CKernels", "ExpressionCore", "ExpressionLanguage"]),
    .target(name: "CKernels"),
    .target(
      name: "Compilation",
      dependencies: ["CKernels", "ExpressionCore", "ExpressionLanguage", "Planning", "Evaluation"]),
    .target(name: "MatrixNotation", dependencies: ["Evaluation", "ExpressionCore"]),
    .target(
      name: "LinearOperators", dependencies: ["ExpressionCore", "ExpressionLanguage", "Evaluation"]),
    .target(name: "Verification", dependencies: ["Evaluation", "ExpressionLanguage"]),
    .target(
      name: "Checking",
      dependencies: ["ExpressionCore", "ExpressionLanguage", "Evaluation", "Verification"]),
    .target(
      name: "Derivations",
      dependencies: [
        "ExpressionCore", "ExpressionLanguage", "Rewriting", "Differentiation", "Evaluation",
        "Verification",
      ]),
    .target(
      name: "Frechet",
      dependencies: [
        "ExpressionCore",
        "ExpressionLanguage",
        "Rewriting",
        "Differentiation",
        "Emission",
        "Planning",
        "CodeGeneration",
        "Compilation",
        "Evaluation",
        "Verification",
        "Checking",
        "LinearOperators",
        "Derivations",
        "Curvature",
      ]),

    // MARK: - Tools
    .executableTarget(
      name: "FrechetCommand",
      dependencies: [
        "Frechet", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .executableTarget(
      name: "LogisticRegression", dependencies: ["Frechet"], path: "Examples/LogisticRegression"),

    // MARK: - Tests
    .testTarget(
      name: "ExpressionLanguageTests", dependencies: ["ExpressionCore", "ExpressionLanguage"]),
    .testTarget(
      name: "EmissionTests",
      dependencies: ["Emission", "Differentiation", "ExpressionCore", "ExpressionLanguage"]),
    .testTarget(name: "ExpressionCoreTests", dependencies: ["ExpressionCore", "Frechet"]),
    .testTarget(name: "RewritingTests", dependencies: ["Rewriting", "Frechet"]),
    .testTarget(name: "DifferentiationTests", dependencies: ["Differentiation", "Frechet"]),
    .testTarget(
      name: "CurvatureTests",
      dependencies: [
        "Curvature", "Differentiation", "Evaluation", "Verification", "Frechet",
        "RandomExpressions",
      ]),
    .testTarget(name: "FrechetTests", dependencies: ["Frechet"]),
    .testTarget(name: "DecompositionTests", dependencies: ["Frechet"]),
    .testTarget(name: "CommandTests", dependencies: ["FrechetCommand"]),
    .target(
      name: "RandomExpressions", dependencies: ["Frechet", "Verification"],
      path: "Tests/RandomExpressions"),
    .target(
      name: "EmittedPrograms", dependencies: ["Frechet"], path: "Tests/EmittedPrograms",
      exclude: ["Drivers"]),
    .testTarget(name: "CodeGenerationTests", dependencies: ["EmittedPrograms", "Frechet"]),
    .testTarget(name: "RandomTests", dependencies: ["RandomExpressions", "Frechet"]),
    .target(name: "TapeSupport", dependencies: ["ExpressionLanguage"], path: "Tests/TapeSupport"),
    .testTarget(
      name: "EvaluationTests", dependencies: ["Evaluation", "TapeSupport", "PrimitiveSamples"]),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    .target(
      name: "PrimitiveSamples", dependencies: ["Evaluation", "ExpressionCore"],
      path: "Tests/PrimitiveSamples"),
    .testTarget(
      name: "CompilationTests",
      dependencies: [
        "AllocationCounter", "CKernels", "Compilation", "Frechet", "Planning", "Verification",
        "TapeSupport",
        "PrimitiveSamples", "RandomExpressions",
      ]),
    .testTarget(
      name: "LinearOperatorTests",
      dependencies: ["LinearOperators", "Frechet", "RandomExpressions"]),
    .testTarget(name: "VerificationTests", dependencies: ["Verification", "TapeSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
