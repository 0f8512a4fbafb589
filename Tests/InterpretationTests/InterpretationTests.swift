import Interpretation
import Testing
