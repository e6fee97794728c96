import Testing
import TidewatchTestKit

@testable import Learning

@Suite struct NumberTextTests {
    @Test(arguments: [
        "0", "-0", "1", "-1", "+7", "3.25", ".5", "5.", "1e5", "1E-5", "-2.5e+10", "007", "0.1", "123456789012345678",
        "9007199254740993", "17.07004048582996", "1e22", "1e23", "4.9e-324", "1.7976931348623157e308", "1e400",
        "0.00000000000000000000000000000000001", "12345678901234567890123", "1e-400",
    ])
    func readsLikeTheStandardLibrary(_ text: String) {
        #expect(NumberText.number(text) == Double(text))
    }

    @Test func randomNumbersReadBackExactly() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            #expect(NumberText.number(value.description) == value)
            let short = Double(Int64.random(in: -1_000_000...1_000_000, using: &generator)) / 1_000
            #expect(NumberText.number("\(short)") == short)
        }
    }

    @Test(arguments: [
        "", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "0x10", "1 2", "abc", "nan", "NaN", "1,5", "--1", "in",
    ])
    func refusesOtherText(_ text: String) {
        #expect(NumberText.number(text) == nil)
    }

    @Test func readsInfinities() {
        #expect(NumberText.number("inf") == .infinity)
        #expect(NumberText.number("-Infinity") == -.infinity)
        #expect(NumberText.number(" 4 ") == 4)
    }

    @Test func writesOneFormPerNumber() {
        #expect(NumberText.canonical("1.0") == "1")
        #expect(NumberText.canonical("-0.0") == "0")
        #expect(NumberText.canonical("2.50") == "2.5")
        #expect(NumberText.canonical("<=50K") == "<=50K")
    }
}
