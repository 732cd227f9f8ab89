// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "frechet", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz-language",
      dependencies: [.product(name: "Frechet", package: "frechet")],
      path: "Sources/Fuzzing")
  ],
  swiftLanguageModes: [.v6]
)
