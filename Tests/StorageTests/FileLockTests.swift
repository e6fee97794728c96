import Foundation
import Testing

@testable import Storage

struct FileLockTests {
    @Test func oneHoldsItAtATime() throws {
        let folder = try TemporaryFolder()
        do {
            let lock = try FileLock(path: folder.file("lock"))
            let error = #expect(throws: StorageError.self) { try Self.take(folder.file("lock")) }
            #expect(error?.code == .busy && error?.isRetryable == true)
            #expect(error?.description.contains("another agent works with this state directory") == true)
            withExtendedLifetime(lock) {}
        }
        try Self.take(folder.file("lock"))
    }

    @Test func aMissingFolderIsSaid() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: StorageError.self) { try Self.take(folder.file("none/lock")) }
        #expect(error?.code == .notFound)
    }

    private static func take(_ path: String) throws { _ = try FileLock(path: path) }
}
