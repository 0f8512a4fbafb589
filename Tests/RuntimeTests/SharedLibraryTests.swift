import Runtime
import Testing

@Suite struct SharedLibraryTests {
  @Test func aMissingLibraryIsNamedWithItsPackage() {
    let error = #expect(throws: InputError.self) {
      try SharedLibrary(title: "libmissing", package: "missing-dev", names: ["libmissing.so.1"])
    }
    #expect(error?.reason == "libmissing is needed here and cannot be loaded: install missing-dev")
  }
}
