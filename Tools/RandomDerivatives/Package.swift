// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "random-derivatives",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "frechet", path: "../..")],
  targets: [
    .executableTarget(
      name: "random-derivatives",
      dependencies: [.product(name: "RandomExpressions", package: "frechet")],
      path: "Sources/RandomDerivatives")
  ],
  swiftLanguageModes: [.v6]
)
