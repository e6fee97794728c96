import CRdKafka

/// What becomes of the memory that librdkafka gets and gives back by the hundred megabytes.
public enum FetchMemory {
    /// Lets freed fetch buffers go back to the system at once, for the whole process. Call it before the first client.
    ///
    /// By default glibc's threshold grows with the largest buffer freed, and freed buffers stay in the heap: an agent at
    /// full speed then holds about twice the memory beyond its prefetch queue (`docs/benchmarks.md`).
    public static func returnEarly() {
        tidewatch_return_memory_from(65_536)
    }
}
