import Testing

@testable import Learning

/// Tables with so many columns that their names are numbered.
@Suite struct WideTableTests {
    private func table(_ columns: Int) throws -> Table {
        try Table(columns: (0..<columns).map { TableColumn(name: "c\($0)", numbers: [Double($0), 0.5]) })
    }

    @Test(arguments: [3, 1_000, 1_001, 2_500]) func columnsAreFoundByName(_ columns: Int) throws {
        let table = try table(columns)
        for index in [0, columns / 2, columns - 1] {
            #expect(table["c\(index)"]?.number(at: 0) == Double(index))
            #expect(table.rows([1, 0])["c\(index)"]?.number(at: 1) == Double(index))
            #expect(table.rows(1..<2)["c\(index)"]?.number(at: 0) == 0.5)
        }
        #expect(table["c\(columns)"] == nil)
        // Columns that go take the places of the others with them.
        let fewer = table.dropping(["c0"])
        #expect(fewer["c0"] == nil && fewer["c\(columns - 1)"]?.number(at: 0) == Double(columns - 1))
        let chosen = try table.selecting(["c2", "c1"])
        #expect(chosen["c1"] == table["c1"] && chosen.columnNames == ["c2", "c1"])
        let again = try self.table(columns)
        #expect(again == table && fewer != table)
    }
}
