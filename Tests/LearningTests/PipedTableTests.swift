import Foundation
import Testing

@testable import Learning

/// Tables that can be read once only.
@Suite struct PipedTableTests {
    /// The first bytes were lost to the look at the format.
    @Test func aPipeIsReadOnce() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tidewatch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent("pipe").path
        #expect(mkfifo(path, 0o600) == 0)
        let writer = Thread {
            guard let handle = FileHandle(forWritingAtPath: path) else { return }
            // A mixed column needs a second pass.
            handle.write(Data(("a,b\n1,x\n2,3\n" + (0..<50_000).map { "\($0),\($0)\n" }.joined()).utf8))
            handle.closeFile()
        }
        writer.start()
        let table = try Table.read(path: path)
        #expect(table.columnNames == ["a", "b"] && table.rowCount == 50_002)
        try FileManager.default.removeItem(at: folder)
    }

    @Test func aListIsNoTable() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("tidewatch-\(UUID().uuidString).json")
        for text in ["[{\"a\": 1}, {\"a\": 2}]", "[\n  {\"a\": 1}\n]"] {
            try Data(text.utf8).write(to: path)
            let error = try #require(throws: LearningError.self) { try Table.read(path: path.path) }
            #expect("\(error)".contains("is one JSON list") && "\(error)".contains("jq -c '.[]'"))
        }
        try Data("[a],b\n1,2\n".utf8).write(to: path)
        #expect(try Table.read(path: path.path).columnNames == ["[a]", "b"])
        try FileManager.default.removeItem(at: path)
    }
}
