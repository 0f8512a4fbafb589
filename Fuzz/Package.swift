// swift-tools-version: 6.2
import PackageDescription

// Apart from the library, so that nobody who depends on MotifKit builds it.
let package = Package(
  name: "Fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "MotifKit", path: "..")],
  targets: [
    .executableTarget(name: "Fuzz", dependencies: [.product(name: "MotifKit", package: "MotifKit")])
  ]
)
