// swift-tools-version: 6.2
import PackageDescription

// Programs that measure MotifKit. A package of its own, so that nobody who depends on MotifKit fetches what
// only benchmarks need.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "MotifKit", path: "..")],
  targets: [
    .executableTarget(name: "ScanBenchmark", dependencies: [.product(name: "MotifKit", package: "MotifKit")])
  ]
)
