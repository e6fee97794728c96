import Foundation
import Testing
import TidewatchTestKit

@testable import Storage

@Suite struct CSVReaderTests {
    private func rows(_ text: String) throws -> [[String]] {
        let file = try TextFileFixture(text)
        var reader = try CSVReader(path: file.path)
        var rows: [[String]] = [reader.header]
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    private func failure(_ bytes: [UInt8]) throws -> StorageError? {
        let file = try TextFileFixture(bytes)
        do throws(StorageError) {
            var reader = try CSVReader(path: file.path)
            while try reader.nextRow() != nil {}
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\r\n3,4", [["a", "b"], ["1", "2"], ["3", "4"]]),
        ("a,b\n,\n", [["a", "b"], ["", ""]]),
        ("a , b\n x,y \n", [["a", "b"], [" x", "y "]]),
        ("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", [["a", "b"], ["x,y", "say \"hi\""]]),
        ("a,b\n\"line 1\nline 2\",z\n", [["a", "b"], ["line 1\nline 2", "z"]]),
        ("a,b\r\n\"line 1\r\nline 2\",z\r\n", [["a", "b"], ["line 1\r\nline 2", "z"]]),
        ("a,b\n\"\",\"\"\n", [["a", "b"], ["", ""]]),
        ("a,b\n\n1,2\n\n", [["a", "b"], ["1", "2"]]),
        ("a\n5\" nail\n", [["a"], ["5\" nail"]]),
        ("\"a,1\",\"b\"\n1,2\n", [["a,1", "b"], ["1", "2"]]),
        ("\u{FEFF}a,b\n1,é\n", [["a", "b"], ["1", "é"]]),
        ("a,b\n", [["a", "b"]]),
        ("\"width; mm\"\n1\n", [["width; mm"], ["1"]]),
        ("a;b,c\n1,2\n", [["a;b", "c"], ["1", "2"]]),
        ("a,\"b\"\n\"\n\n\",1", [["a", "b"], ["\n\n", "1"]]),
    ])
    func readsWhatTheStandardAllows(text: String, expected: [[String]]) throws {
        #expect(try rows(text) == expected)
        let packed = try TextFileFixture(TextFileFixture.gzip(Array(text.utf8)))
        var reader = try CSVReader(path: packed.path)
        #expect(reader.header == expected[0])
        for row in expected.dropFirst() { #expect(try reader.next() == row) }
        #expect(try reader.next() == nil)
        #expect(try reader.next() == nil)
    }

    @Test(arguments: [
        ("a,b\n1,2\n1,2,3\n", 3, "the row has 3 cells where the header has 2"),
        ("a,b\n1\n", 2, "the row has 1 cells"),
        ("a,b\n\"x\ny\",1\nz\n", 4, "the row has 1 cells"),
        ("a,a\n", 1, "names \"a\" twice"),
        ("a;b;c\n1,5;2;3\n", 1, "semicolons would make 3 columns"),
        ("\"a\";\"b\"\n1;2\n", 1, "semicolons would make 2 columns"),
        ("a\tb\n1\t2\n", 1, "pandas: read_csv(path, sep=\"\\t\")"),
        ("a|b\n1|2\n", 1, "bars would make 2 columns"),
        ("a,b\n1,\"x\n2,3\n", 2, "never closed"),
        ("a,b\n1,\"x\"y\n", 2, "behind a closing quote"),
        ("a,b\n1,\u{FFFD}\n", 2, "U+FFFD"),
    ])
    func whatIsMalformedNamesItsLine(text: String, line: Int, message: String) throws {
        let error = try #require(try failure(Array(text.utf8)))
        #expect(error.code == .malformed)
        #expect(error.line == line)
        #expect(error.message.contains(message))
        #expect(error.description.contains(":\(line): "))
    }

    @Test(arguments: [[0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]])
    func bytesThatAreNotUTF8AreMalformed(bytes: [UInt8]) throws {
        let error = try #require(try failure(Array("a,b\n1,".utf8) + bytes + Array("\n".utf8)))
        #expect(error.code == .malformed)
        #expect(error.line == 2)
        #expect(error.message.contains("UTF-8"))
    }

    @Test func anEmptyFileHasNoHeader() throws {
        let error = try #require(try failure([]))
        #expect(error.code == .malformed)
        #expect(error.message.contains("no header"))
    }

    @Test func readingGoesOnBehindAMalformedRow() throws {
        let file = try TextFileFixture("a,b\n1\n2,3\n4,5,6\n\"x\"y,1\n7,8\n")
        var reader = try CSVReader(path: file.path)
        var good: [[String]] = []
        var lines: [Int?] = []
        while true {
            do {
                guard let row = try reader.next() else { break }
                good.append(row)
            } catch {
                lines.append(error.line)
            }
        }
        #expect(good == [["2", "3"], ["7", "8"]])
        #expect(lines == [2, 4, 5])
    }

    @Test func rowsTellTheirLineAndTheirQuotes() throws {
        let file = try TextFileFixture("a,b\n\n\"x\n\",\n\"\",y\n")
        var reader = try CSVReader(path: file.path)
        let first = try #require(try reader.nextRow())
        #expect(reader.lineNumber == 3)
        #expect(first.isQuoted(0) && !first.isQuoted(1))
        #expect(first.text(0) == "x\n" && first[1].isEmpty)
        let second = try #require(try reader.nextRow())
        #expect(reader.lineNumber == 5)
        #expect(second.isQuoted(0) && second[0].isEmpty && second.text(1) == "y")
    }

    @Test func aQuoteThatIsNeverClosedDoesNotSwallowTheFile() throws {
        let file = try TextFileFixture("a\n\"open\n" + String(repeating: "line\n", count: 1_000))
        var reader = try CSVReader(path: file.path, maximumRowBytes: 100)
        let error = #expect(throws: StorageError.self) { _ = try reader.nextRow() }
        #expect(error?.line == 2)
        #expect(error?.message.contains("100 bytes") == true)
    }

    /// Tables of random cells survive being written by the standard's rules and read again.
    @Test(arguments: 1...20)
    func randomTablesRoundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("ab,\"\n\r é€😀 ")
        let columns = Int.random(in: 2...6, using: &generator)
        let table = (0..<200).map { _ in
            (0..<columns).map { _ in
                String(
                    (0..<Int.random(in: 0...8, using: &generator)).map { _ in
                        alphabet.randomElement(using: &generator) ?? "x"
                    })
            }
        }
        let header = (0..<columns).map { "column \($0)" }
        let text = ([header] + table).map { row in
            row.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }.joined(separator: ",") + "\r\n"
        }.joined()
        let read = try rows(text)
        #expect(read.map { $0.map { Array($0.utf8) } } == ([header] + table).map { $0.map { Array($0.utf8) } })
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["TIDEWATCH_DATA"] != nil))
    func readsARealTable() throws {
        let data = try #require(ProcessInfo.processInfo.environment["TIDEWATCH_DATA"])
        var reader = try CSVReader(path: data + "/elec2_electricity_nsw.csv.gz")
        #expect(reader.header.first == "date" && reader.header.last == "class")
        var count = 0
        while let row = try reader.nextRow() {
            #expect(row.count == 9)
            count += 1
        }
        #expect(count == 45_312)
    }
}
