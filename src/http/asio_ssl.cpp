// Asio's TLS code, compiled once for the whole binary (BOOST_ASIO_SEPARATE_COMPILATION).
#include <boost/asio/ssl/impl/src.hpp>
