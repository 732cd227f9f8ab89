// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "emitted-programs",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "frechet", path: "../..")],
  targets: [
    .executableTarget(
      name: "emitted-programs",
      dependencies: [.product(name: "EmittedPrograms", package: "frechet")],
      path: "Sources/EmittedPrograms")
  ],
  swiftLanguageModes: [.v6]
)
