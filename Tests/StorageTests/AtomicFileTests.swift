import Foundation
import Testing

@testable import Storage

struct AtomicFileTests {
    @Test func contentIsWrittenReplacedAndLeavesNothingBeside() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("state.json")
        for content in [[1, 2, 3], [], [UInt8](repeating: 9, count: 3_000_000)] {
            try AtomicFile.write(content, to: path)
            #expect(try bytes(of: path) == content)
        }
        #expect(try folder.names() == ["state.json"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o644)
    }

    @Test func aMissingFolderIsNamed() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: StorageError.self) { try AtomicFile.write([1], to: folder.file("no/such")) }
        #expect(error?.code == .notFound && error?.path == folder.file("no/such"))
    }

    @Test func aFailureLeavesTheOldContentAndNoTemporaryFile() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("taken")
        try FileManager.default.createDirectory(atPath: path + "/full", withIntermediateDirectories: true)
        #expect(throws: StorageError.self) { try AtomicFile.write([1], to: path) }
        #expect(try folder.names() == ["taken"])
    }

    @Test func aFullDeviceSaysWhatToDo() {
        let error = StorageError.failedCall(ENOSPC, cannot: "write the file", path: "/p")
        #expect(error.code == .full && error.isRetryable)
        #expect(error.description.contains("disk full: free space or move state_directory"))
    }
}
