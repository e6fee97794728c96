import Learning
import Retraining
import Statistics
import Testing
import Windowing

@Suite struct TableBuilderTests {
    private static func table(_ features: [String], label: String = "fraud", value: Double? = nil) throws -> Table {
        var factory = RowFactory(seed: 1)
        return try TableBuilder.table(
            rows: features.map { factory.row(body: "\"features\":{\($0)},\"score\":0.5", label: label, value: value) })
    }

    @Test func kindsFollowTheValues() throws {
        let table = try Self.table([
            #""number":1,"text":"a","flag":true,"mixed":1,"empty":null"#,
            #""number":null,"text":null,"flag":false,"mixed":"b""#,
            #""number":-2.5,"text":"b","flag":null"#,
        ])
        #expect(table.columnNames == ["empty", "flag", "mixed", "number", "text", TableBuilder.target])
        #expect(table.columns.map(\.kind) == [.numeric, .boolean, .categorical, .numeric, .categorical, .categorical])
        #expect((0..<3).map { table["text"]?.text(at: $0) } == ["a", nil, "b"])
        #expect((0..<3).map { table["mixed"]?.text(at: $0) } == [nil, "b", nil])
        #expect(table["number"]?.number(at: 2) == -2.5)
        #expect(table.columns.map(\.missingCount) == [3, 1, 2, 1, 1, 0])
    }

    @Test func theTargetIsTheLabelOrTheValue() throws {
        let labels = try Self.table([#""x":1"#, #""x":2"#])
        #expect(labels[TableBuilder.target]?.text(at: 1) == "fraud")
        let values = try Self.table([#""x":1"#, #""x":2"#], label: "", value: 4.5)
        #expect(values[TableBuilder.target]?.kind == .numeric)
        #expect(values[TableBuilder.target]?.number(at: 1) == 4.5)
    }

    /// A feature that bears the target's name would be the answer in the question.
    @Test func noFeatureBearsTheTargetsName() throws {
        let table = try Self.table([#""__target__":1,"x":1"#, #""__target__":2,"x":1"#])
        #expect(table.columnNames == ["x", TableBuilder.target])
        #expect(table[TableBuilder.target]?.text(at: 0) == "fraud")
    }

    @Test func noRowsAreATableWithoutRows() throws {
        #expect(try Self.table([]).rowCount == 0)
    }
}
