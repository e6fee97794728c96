import Learning
import Testing

@Suite struct IdentifierTests {
    @Test func columnsThatNameTheirRows() throws {
        let rows = 100
        func kind(_ name: String = "x", _ number: (Int) -> Double) -> IdentifierKind? {
            TableColumn(name: name, numbers: (0..<rows).map(number)).identifierKind()
        }
        #expect(kind { Double($0 + 1) } == .counter)
        #expect(kind { Double($0 * $0) } == .counter)
        #expect(kind { Double(($0 * 37) % 100) } == .name)
        #expect(kind("USER_ID") { Double(($0 * 37) % 100) * 1_000 } == .name)
        // Numbers that only happen to differ, that repeat, with fractions, and too few of them.
        #expect(kind("amount") { Double(($0 * 37) % 100) * 1_000 } == nil)
        #expect(kind { Double($0 / 2) } == nil)
        #expect(kind { Double($0) + 0.5 } == nil)
        #expect(TableColumn(name: "id", numbers: [1, 2, 3]).identifierKind() == nil)
        #expect(TableColumn(name: "u", texts: (0..<rows).map { "u\($0)" }).identifierKind() == .name)
        #expect(TableColumn(name: "c", texts: (0..<rows).map { "c\($0 % 5)" }).identifierKind() == nil)
        #expect(TableColumn(name: "b", booleans: (0..<rows).map { $0 % 2 == 0 }).identifierKind() == nil)
    }
}
