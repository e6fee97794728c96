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

    @Test func aLinkIsFollowedAndNotReplaced() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write([1], to: folder.file("target"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"), withDestinationPath: folder.file("target"))
        try AtomicFile.write([2, 3], to: folder.file("link"))
        #expect(try bytes(of: folder.file("target")) == [2, 3])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")).hasSuffix("target"))
        #expect(try folder.names() == ["link", "target"])
    }

    /// As root a rename onto `/dev/null` succeeds, and no program finds it there again.
    @Test func aDeviceIsWrittenToAndNotReplaced() throws {
        let folder = try TemporaryFolder()
        // A link to the device, so that a failure of this test breaks no machine.
        for name in ["null", "full"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.file(name), withDestinationPath: "/dev/\(name)")
        }
        try AtomicFile.write([1], to: folder.file("null"))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("null")) == "/dev/null")
        let error = #expect(throws: StorageError.self) { try AtomicFile.write([1], to: folder.file("full")) }
        #expect(error?.code == .full)
        #expect(try folder.names() == ["full", "null"])
    }

    @Test func aFullDeviceSaysWhatToDo() {
        let error = StorageError.failedCall(ENOSPC, cannot: "write the file", path: "/p")
        #expect(error.code == .full && error.isRetryable)
        #expect(error.description.contains("disk full: free space or move state_directory"))
    }
}
