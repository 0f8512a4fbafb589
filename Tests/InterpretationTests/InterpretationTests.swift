import Testing
@testable import Interpretation
