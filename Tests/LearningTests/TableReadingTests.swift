import Foundation
import Learning
import Statistics
import Storage
import Testing

@Suite struct TableReadingTests {
    @Test func infersKindsAndMissingCells() throws {
        let table = try readTable(
            """
            n,b,c,late,none,mixed
            1,true,red,,?,1
            NA,False,,x,,two
            -2.5e1,TRUE,?,,null,3.0
            inf,NaN,red,y,NA,
            """)
        #expect(table.rowCount == 4)
        #expect(table["n"]?.kind == .numeric)
        #expect(table["n"]?.missingCount == 1)
        #expect(table["n"]?.number(at: 2) == -25)
        #expect(table["n"]?.number(at: 3) == .infinity)
        #expect(table["b"]?.values == .boolean([1, 0, 1, -1]))
        #expect(table["c"]?.values == .categorical(codes: [0, -1, -1, 0], categories: ["red"]))
        #expect(table["late"]?.values == .categorical(codes: [-1, 0, -1, 1], categories: ["x", "y"]))
        #expect(table["none"]?.kind == .numeric)
        #expect(table["none"]?.missingCount == 4)
        // Found to be text only in its second row: the texts of earlier rows are kept as they were written.
        #expect(table["mixed"]?.values == .categorical(codes: [0, 1, 2, -1], categories: ["1", "two", "3.0"]))
    }

    @Test func quotedCellsHoldCommasQuotesAndLineEnds() throws {
        let table = try readTable("a,\"b,1\",c\r\n\"x, \"\"y\"\"\",1,\"two\nlines\"\r\n\r\nq\"r,2,\"\"\r\n")
        #expect(table.columnNames == ["a", "b,1", "c"])
        #expect(table.rowCount == 2)
        #expect(table["a"]?.text(at: 0) == "x, \"y\"")
        #expect(table["a"]?.text(at: 1) == "q\"r")
        #expect(table["c"]?.text(at: 0) == "two\nlines")
        #expect(table["c"]?.text(at: 1) == nil)
        #expect(table["b,1"]?.values == .numeric([1, 2]))
    }

    @Test func noFinalLineEndAndByteOrderMark() throws {
        let table = try readTable("\u{FEFF}a,b\n1,2\n3,4")
        #expect(table.columnNames == ["a", "b"])
        #expect(table["b"]?.values == .numeric([2, 4]))
    }

    @Test func headerWithoutRows() throws {
        let table = try readTable("a,b\n")
        #expect(table.rowCount == 0)
        #expect(table.columnNames == ["a", "b"])
    }

    @Test func badFilesNameTheirLine() throws {
        for (text, line) in [("a,b\n1,2\n1,2,3\n", 3), ("a,b\n1,2\n\"x,2\n3,4\n", 3), ("a,b,a\n1,2,3\n", 1)] {
            do {
                _ = try readTable(text)
                Issue.record("read \(text)")
            } catch let error as StorageError {
                #expect(error.line == line)
            }
        }
        #expect(learningError { _ = try readTable("") }?.code == .noRows)
        #expect(learningError { _ = try readTable("a\n1\n2\n3\n", maximumRows: 2) }?.code == .tooManyRows)
    }

    @Test func absentFileIsAStorageError() {
        #expect(throws: StorageError.self) { _ = try Table.read(path: "/nonexistent/table.csv") }
    }

    @Test func readsJSONLines() throws {
        let table = try readTable(
            """
            {"x": 1, "flag": true, "code": "5", "odd": 1}
            {"x": null, "flag": false, "code": "NA", "extra": 2.5, "odd": "one"}

            {"code": "6", "x": 0, "odd": true}
            """)
        #expect(table.rowCount == 3)
        #expect(table.columnNames == ["code", "extra", "flag", "odd", "x"])
        #expect(table["flag"]?.values == .boolean([1, 0, -1]))
        #expect(table["code"]?.values == .categorical(codes: [0, -1, 1], categories: ["5", "6"]))
        #expect(table["extra"]?.missingCount == 2)
        #expect(table["x"]?.number(at: 2) == 0)
        #expect(table["odd"]?.values == .categorical(codes: [0, 1, 2], categories: ["1", "one", "true"]))
    }

    /// One list for cells and strings; `MissingTextTests` holds it against events.
    @Test(arguments: MissingText.spellings + ["", " NA "]) func missingValuesAreMissingInBothFormats(_ text: String)
        throws
    {
        for table in [try readTable("a,b\n\(text),1\nx,2\n"), try readTable("{\"a\":\"\(text)\"}\n{\"a\":\"x\"}\n")] {
            #expect(table["a"]?.values == .categorical(codes: [-1, 0], categories: ["x"]))
        }
        #expect(try readTable("a\nnone\nna\n")["a"]?.missingCount == 0)
    }

    @Test func badJSONLinesNameTheirLine() {
        for bad in ["{\"a\": [1]}", "{\"a\": 1", "[1, 2]", "{\"a\": {\"b\": 1}}", "{\"a\": 1e999}"] {
            let error = learningError { _ = try readTable("{\"a\": 1}\n\(bad)\n") }
            #expect(error?.code == .invalidInput)
            #expect(error?.message.contains("line 2") == true, "\(bad)")
        }
    }

    @Test func tablesRefuseUnequalColumns() {
        let unequal = learningError {
            _ = try Table(columns: [TableColumn(name: "a", numbers: [1]), TableColumn(name: "b", numbers: [])])
        }
        #expect(unequal?.code == .unequalColumns)
    }

    @Test func rowsAreTakenInTheOrderGiven() throws {
        let table = try readTable("a,b\n1,x\n2,y\n3,x\n")
        #expect(table.rows([2, 0])["a"]?.values == .numeric([3, 1]))
        #expect(table.rows(1..<3)["b"]?.text(at: 0) == "y")
        #expect(table.dropping(["a"]).columnNames == ["b"])
        #expect(learningError { _ = try table.selecting(["z"]) }?.code == .unknownColumn)
    }

    @Test(.enabled(if: dataFolder != nil)) func readsTheCensus() throws {
        let table = try realTable("adult_census")
        #expect(table.rowCount == 48_842)
        #expect(table.columns.count == 15)
        #expect(table["age"]?.kind == .numeric)
        #expect(table["workclass"]?.kind == .categorical)
        #expect((table["workclass"]?.missingCount ?? 0) > 2_000)
    }
}
