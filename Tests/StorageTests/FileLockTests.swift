import Foundation
import Synchronization
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

    /// A descriptor that is closed twice is somebody else's the second time.
    @Test func aRefusedLockClosesNobodysFile() throws {
        let folder = try TemporaryFolder()
        let lock = try FileLock(path: folder.file("lock"))
        let path = folder.file("lock")
        let closed = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for _ in 0..<2_000 {
                if thread % 2 == 0 {
                    #expect(throws: StorageError.self) { try Self.take(path) }
                } else {
                    let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
                    if fcntl(descriptor, F_GETFD) < 0 || close(descriptor) != 0 {
                        closed.wrappingAdd(1, ordering: .relaxed)
                    }
                }
            }
        }
        #expect(closed.load(ordering: .relaxed) == 0)
        withExtendedLifetime(lock) {}
    }
}
